using Microsoft.Extensions.Hosting;

namespace Telemt.Worker.Hosting;

/// <summary>
/// Gives memory back when a burst is over. A relay allocates nothing, so a proxy that only relays never collects by itself: what a
/// thousand handshakes left, or ten thousand phones that went away, would stay resident for ever. Once allocation has become quiet
/// after much of it, one compacting collection returns it to the system.
/// </summary>
internal sealed class IdleCollector(TimeProvider clock) : BackgroundService
{
    private const long MuchBytes = 4 * 1024 * 1024;
    private const long QuietBytes = 256 * 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private long _collectedAt;
    private long _last;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Look(GC.GetTotalAllocatedBytes());
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    /// <param name="allocated">Bytes since the start of the process.</param>
    /// <returns>Whether it was time to collect.</returns>
    internal bool Look(long allocated)
    {
        var isQuiet = allocated - _last < QuietBytes;
        _last = allocated;
        if (!isQuiet || allocated - _collectedAt < MuchBytes)
        {
            return false;
        }

        _collectedAt = allocated;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return true;
    }
}
