using Telemt.Core.Fronting;
using Telemt.Core.Relay;

namespace Telemt.Worker.Transport;

/// <summary>
/// The pump pair of a session: near (client) and far (DC or mask host), a direction each way, until both have ended. Half-closes are
/// kept, a reset on one side becomes a reset on the other, and backpressure is not reading while the sink is full. No task, no
/// allocation and no lock once it runs. Loop thread only.
/// </summary>
internal sealed class Relay : LoopTimer, ISocketOwner, ILoopWork, IRelay
{
    /// <summary>From this age on the far socket is kept alive; a proxied client's keepalive comes from the listener.</summary>
    private const long LongLifeMilliseconds = 40_000;

    private readonly LoopSocket _near;
    private readonly LoopSocket _far;
    private readonly UserLane _lane;
    private readonly IRelayOwner _owner;
    private readonly int _header;
    private readonly long _started;
    private long _lastMove;
    private long _tellAt = 1;
    private long _unheardSince;
    private int _unheard;
    private bool _isSpokenTo;
    private bool _queued;
    private bool _keptAlive;
    private RelayEnd _firstEnd;
    private bool _ended;

    /// <param name="up">near to far; null passes bytes through.</param>
    /// <param name="down">far to near.</param>
    /// <param name="lane">The user's, on this loop.</param>
    /// <param name="header">How many of the first bytes are ours, and no payload.</param>
    /// <param name="sizer">Of the records towards the client, if there are any; full ones from the first without it.</param>
    public Relay(LoopSocket near, LoopSocket far, RelayLeg? up, RelayLeg? down, UserLane lane, IRelayOwner owner, int header = 0, RecordSizer? sizer = null)
    {
        _header = header;
        _near = near;
        _far = far;
        _lane = lane;
        _owner = owner;
        lane.Enter();
        Up = new RelayDirection(this, near, far, up, lane.Up, RecordSizer.Bulk);
        Down = new RelayDirection(this, far, near, down, lane.Down, sizer ?? RecordSizer.Bulk);
        _started = _lastMove = Loop.Now;
    }

    public RelayDirection Up { get; }

    public RelayDirection Down { get; }

    public long BytesUp => Up.Bytes;

    public long BytesDown => Down.Bytes;

    public EventLoop Loop => _near.Loop;

    internal bool HasEnded => _ended;

    /// <summary>Loop time at which bytes moved last, either way.</summary>
    public long LastMove => _lastMove;

    /// <param name="first">Bytes for the far side before anything else: a header, and what the handshake read too much.</param>
    public void Start(ReadOnlySpan<byte> first)
    {
        _near.Owner = this;
        _far.Owner = this;
        ApplyLimits();
        if (Settle(Up, Up.Begin(first, _header)))
        {
            PumpBoth();
        }
    }

    /// <summary>Arms the timer by the owner's present limits; after an edit too.</summary>
    public void ApplyLimits()
    {
        if (!_ended)
        {
            var due = NextDue(out _);
            if (due != long.MaxValue)
            {
                Loop.Timers.Arm(this, due);
            }
        }
    }

    public void End(RelayEnd end)
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        Loop.Timers.Cancel(this);
        Up.Release();
        Down.Release();
        Up.LeaveLine();
        Down.LeaveLine();
        _lane.Leave();
        if (end is RelayEnd.NearReset or RelayEnd.FarReset)
        {
            _near.Abort();
            _far.Abort();
        }
        else
        {
            _near.Close();
            _far.Close();
        }

        _owner.OnRelayEnded(end);
    }

    public void TellAt(long bytes) => _tellAt = bytes;

    public void EndForMemory() => End(RelayEnd.Memory);

    internal void Touch() => _lastMove = Loop.Now;

    internal void OnDirectionFinished(RelayDirection direction)
    {
        if (_firstEnd == RelayEnd.None)
        {
            _firstEnd = direction == Up ? RelayEnd.NearFinished : RelayEnd.FarFinished;
        }

        if (Up.Finished && Down.Finished)
        {
            End(_firstEnd);
            return;
        }

        direction.Sink.ShutdownWrite();
        Touch();
        ApplyLimits();
    }

    void ISocketOwner.OnReady(LoopSocket socket)
    {
        if (_lane.HasTurn)
        {
            PumpBoth();
        }
        else
        {
            QueueTurn();
        }
    }

    void ISocketOwner.OnFault(LoopSocket socket) => End(RelayEnd.Fault);

    void ILoopWork.Run()
    {
        _queued = false;
        Turn();
    }

    /// <summary>Pumps outside of an event of its sockets.</summary>
    internal void Turn()
    {
        try
        {
            PumpBoth();
        }
        catch
        {
            End(RelayEnd.Fault);
            throw;
        }
    }

    protected internal override void OnTimer()
    {
        if (NextDue(out var end) <= Loop.Now && end != RelayEnd.None && (end != RelayEnd.NoAnswer || IsHeardOrGivenUp()))
        {
            End(end);
            return;
        }

        if (!_keptAlive && Loop.Now - _started >= LongLifeMilliseconds)
        {
            _keptAlive = true;
            _far.KeepAlive();
        }

        ApplyLimits();
    }

    private void PumpBoth()
    {
        if (!_ended && Settle(Up, Up.Pump()) && !_ended)
        {
            Settle(Down, Down.Pump());
        }

        var moved = Up.Bytes + Down.Bytes;
        if (moved >= _tellAt && !_ended)
        {
            _tellAt = _owner.OnMoved(moved);
            if (!_isSpokenTo && Up.Bytes > 0)
            {
                _isSpokenTo = true;
                ApplyLimits();
            }
        }
    }

    /// <summary>False when the relay has ended.</summary>
    private bool Settle(RelayDirection direction, PumpResult result)
    {
        switch (result)
        {
            case PumpResult.TurnOver:
                QueueTurn();
                break;
            case PumpResult.SourceBroken:
                End(Reset(direction.Source));
                break;
            case PumpResult.SinkBroken:
                End(Reset(direction.Sink));
                break;
        }

        return !_ended;
    }

    private void QueueTurn()
    {
        if (!_queued)
        {
            _queued = true;
            _lane.Queue(this);
        }
    }

    /// <summary>
    /// The far side has been silent long enough. It has all that was said, or has acknowledged none of it in twice that time; a slow
    /// upload gets its time again.
    /// </summary>
    private bool IsHeardOrGivenUp()
    {
        var unheard = _far.Unacknowledged;
        if ((unheard == 0 && !Up.IsStalled) || (unheard == _unheard && _unheardSince >= _lastMove))
        {
            return true;
        }

        _unheard = unheard;
        _unheardSince = Loop.Now;
        return false;
    }

    private RelayEnd Reset(LoopSocket broken) => broken == _near ? RelayEnd.NearReset : RelayEnd.FarReset;

    /// <summary>What the timer waits for: the first limit to be reached if nothing moves from now on, or the age of a long life.</summary>
    private long NextDue(out RelayEnd end)
    {
        var limits = _owner.Limits;
        var halfOpen = Up.SourceEnded || Down.SourceEnded;
        var due = Add(_lastMove, halfOpen ? Math.Min(limits.HalfOpen, limits.Idle) : limits.Idle);
        end = halfOpen ? RelayEnd.HalfOpen : RelayEnd.Idle;
        if (Add(_started, limits.Total) is var total && total <= due)
        {
            (due, end) = (total, RelayEnd.Total);
        }

        if (_isSpokenTo
            && Down.Bytes == 0
            && !halfOpen
            && Add(Math.Max(_lastMove, _unheardSince), limits.FirstAnswer) is var answer
            && answer < due)
        {
            (due, end) = (answer, RelayEnd.NoAnswer);
        }

        if (_keptAlive || due <= _started + LongLifeMilliseconds)
        {
            return due;
        }

        end = RelayEnd.None;
        return _started + LongLifeMilliseconds;
    }

    private static long Add(long time, long limit) => limit >= long.MaxValue - time ? long.MaxValue : time + limit;
}
