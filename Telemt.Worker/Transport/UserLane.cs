using Telemt.Core.Policy;

namespace Telemt.Worker.Transport;

/// <summary>
/// One user's relays on one loop. The loop gives its time by lanes: who has more to move than a turn's worth waits until the other
/// users had theirs, so that one with a hundred streams gets no more than one with a single one, and a short message never stands
/// behind more than a turn of each. Loop thread only.
/// </summary>
internal sealed class UserLane : ILoopWork
{
    /// <summary>
    /// Bytes of a turn, about 60 us of a download: one receive may exceed it, since bulk moves by whole scratch buffers or pipes. With 64 KiB
    /// one receive is always a turn, which costs ee downloads 7 % more.
    /// </summary>
    public const int TurnBytes = 256 * 1024;

    private readonly LoopLanes _lanes;
    private readonly Queue<ILoopWork> _waiting = new();
    private long _turn;
    private int _moved;
    private bool _queued;

    public UserLane(LoopLanes lanes, UserShare share, long? policyRate)
    {
        _lanes = lanes;
        Share = share;
        PolicyRate = policyRate;
        var policy = policyRate is { } rate ? share.ByPolicy(rate) : null;
        Up = new LaneFlow(this, share.Up, lanes.Share.Up, lanes.UpGate, share.Own.Up, policy?.Up);
        Down = new LaneFlow(this, share.Down, lanes.Share.Down, lanes.DownGate, share.Own.Down, policy?.Down);
    }

    public EventLoop Loop => _lanes.Loop;

    public UserShare Share { get; }

    /// <summary>Bytes per second of the policy that these sessions came by.</summary>
    public long? PolicyRate { get; }

    public LaneFlow Up { get; }

    public LaneFlow Down { get; }

    /// <summary>Relays that run here.</summary>
    public int Relays { get; private set; }

    /// <summary>Nobody of this user waits for his turn, and this turn of the loop has something left for him.</summary>
    public bool HasTurn => _waiting.Count == 0 && (_turn != Loop.Turns || _moved < TurnBytes);

    public void Enter() => Relays++;

    public void Leave()
    {
        if (--Relays == 0)
        {
            Loop.Timers.Cancel(Up);
            Loop.Timers.Cancel(Down);
            _lanes.Remove(this);
        }
    }

    public void Note(int bytes)
    {
        if (_turn != Loop.Turns)
        {
            _turn = Loop.Turns;
            _moved = 0;
        }

        _moved += bytes;
    }

    /// <summary>The relay has more to do than this turn allows.</summary>
    public void Queue(ILoopWork relay)
    {
        _waiting.Enqueue(relay);
        if (!_queued)
        {
            _queued = true;
            Loop.Enqueue(this);
        }
    }

    /// <summary>Something is contended: now and then the loops' counters are compared.</summary>
    public void Compare() => _lanes.Compare();

    /// <summary>Rates have changed: who waits may be due.</summary>
    public void Recheck()
    {
        Up.Serve();
        Down.Serve();
    }

    void ILoopWork.Run()
    {
        _queued = false;
        try
        {
            _waiting.Dequeue().Run();
        }
        finally
        {
            if (_waiting.Count > 0 && !_queued)
            {
                _queued = true;
                Loop.Enqueue(this);
            }
        }
    }
}
