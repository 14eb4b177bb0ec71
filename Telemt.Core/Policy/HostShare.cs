namespace Telemt.Core.Policy;

/// <summary>One direction of the whole host: its rate, and the level at which users share that or a link behind it.</summary>
internal sealed class HostShare
{
    /// <summary>Little, since all of it may meet a link's queue at once.</summary>
    private const long Credit = 2_000_000;

    /// <summary>Who takes less than this part of the host's rate passes while others wait.</summary>
    private const int LightShare = 16;

    private readonly HostLevel _host = new();
    private readonly LinkLevel _link = new();
    private long _level;

    /// <summary>Of the whole host, limits.rate.</summary>
    public TokenBucket Rate { get; } = new(Credit);

    /// <summary>Bytes per second above which every user is held, 0 for none. Readable from any thread.</summary>
    public long Level => Volatile.Read(ref _level);

    /// <summary>Bytes per second below which a user is light; 0 without a rate of the host.</summary>
    public long Light => Rate.Rate == 0 ? 0 : Math.Max(1, Rate.Rate / LightShare);

    /// <param name="flows">Of the users who moved something in this window.</param>
    public void Observe(ReadOnlySpan<FlowSample> flows)
    {
        _host.Observe(Rate.Rate, flows);
        if (double.IsInfinity(_host.Level))
        {
            _link.Observe(flows);
        }
        else
        {
            // The sum is the host's rate whatever a link does: nothing is to be learnt from it.
            _link.Release();
        }

        var level = Math.Min(_host.Level, _link.Level);
        Volatile.Write(ref _level, double.IsInfinity(level) ? 0 : Math.Max(1, (long)level));
    }

    public void Release()
    {
        _host.Observe(0, []);
        _link.Release();
        Volatile.Write(ref _level, 0);
    }
}
