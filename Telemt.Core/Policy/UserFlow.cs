namespace Telemt.Core.Policy;

/// <summary>One user's traffic in one direction over all loops: what he moved, and what he may take.</summary>
internal sealed class UserFlow
{
    /// <summary>Credit of a user whom a level holds: a late timer loses nothing.</summary>
    private const long LevelCredit = 10_000_000;

    /// <summary>A small session's bursts pass before those of bulk ones.</summary>
    private const long LightCredit = 50_000_000;

    /// <summary>Windows without a byte after which a full sink is a client that does not read, and wants nothing.</summary>
    private const int WindowsToGiveUp = 8;

    private const double Smoothing = 0.4;

    private readonly FlowCounters[] _loops;
    private long _moved;
    private long _fulls;
    private long _holds;
    private int _still = WindowsToGiveUp;
    private double _usual;

    public UserFlow(int loops)
    {
        _loops = new FlowCounters[loops];
        for (var i = 0; i < loops; i++)
        {
            _loops[i] = new FlowCounters();
        }
    }

    /// <summary>Bounds the user while something is contended; no rate else.</summary>
    public TokenBucket Level { get; } = new(LevelCredit);

    /// <summary>In credit while the user takes little of the host's rate: he passes while others wait for it. No rate without one.</summary>
    public TokenBucket Light { get; } = new(LightCredit);

    /// <summary>Bytes per second, smoothed; readable from any thread.</summary>
    public double Usual => Volatile.Read(ref _usual);

    /// <summary>Something of the host's may bound him: <see cref="Level"/>, <see cref="Light"/> and the host's own rate count.</summary>
    public bool IsPaced { get; private set; }

    public void Follow(HostShare host, long now)
    {
        Level.Change(host.Level, now);
        Light.Change(host.Light, now);
        IsPaced = host.Level > 0 || host.Rate.Rate > 0;
    }

    public FlowCounters On(int loop) => _loops[loop];

    /// <summary>Reads the loops' counters. Only by the one who holds the turn to exchange.</summary>
    public FlowSample Sample(double seconds)
    {
        var (moved, fulls, holds, full, held) = (0L, 0L, 0L, 0, 0);
        foreach (var loop in _loops)
        {
            moved += loop.Moved;
            fulls += loop.Fulls;
            holds += loop.Holds;
            full += loop.FullNow;
            held += loop.HeldNow;
        }

        var rate = (moved - _moved) / seconds;
        var isHeld = holds != _holds || held > 0;
        var isFull = fulls != _fulls || full > 0;
        _still = moved != _moved ? 0 : Math.Min(_still + 1, WindowsToGiveUp);
        (_moved, _fulls, _holds) = (moved, fulls, holds);
        Volatile.Write(ref _usual, _usual + ((rate - _usual) * Smoothing));
        return new FlowSample(rate, _usual, (isFull || isHeld) && _still < WindowsToGiveUp, isHeld, full);
    }
}
