using Microsoft.Extensions.Hosting;
using Telemt.Worker.Systemd;

namespace Telemt.Worker.Hosting;

/// <summary>
/// Gives memory back when a burst is over. A relay allocates nothing, so a proxy that only relays never collects by itself: what a
/// thousand handshakes left, or ten thousand phones that went away, would stay resident for ever. Once allocation has become quiet
/// after much of it, or after many have gone, one compacting collection returns it to the system (5,000 idle sessions: 1.4 instead of
/// 4 KiB each).
/// </summary>
internal sealed class IdleCollector(IProxyStatus status, TimeProvider clock) : BackgroundService
{
    private const long MuchBytes = 4 * 1024 * 1024;
    private const long QuietBytes = 256 * 1024;
    private const int ManySessions = 250;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private long _collectedAt;
    private long _last;
    private int _mostSessions;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var counts = status.Counts;
                Look(GC.GetTotalAllocatedBytes(), counts.Sessions + counts.Handshakes + counts.Masked);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    /// <param name="allocated">Bytes since the start of the process.</param>
    /// <param name="sessions">Present ones.</param>
    /// <returns>Whether it was time to collect.</returns>
    internal bool Look(long allocated, int sessions)
    {
        var isQuiet = allocated - _last < QuietBytes;
        _last = allocated;
        _mostSessions = Math.Max(_mostSessions, sessions);
        if (!isQuiet || (allocated - _collectedAt < MuchBytes && _mostSessions - sessions < ManySessions))
        {
            return false;
        }

        _collectedAt = allocated;
        _mostSessions = sessions;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return true;
    }
}
