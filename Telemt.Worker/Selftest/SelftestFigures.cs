using System.Diagnostics;
using Telemt.Core.Wire;

namespace Telemt.Worker.Selftest;

/// <summary>
/// Measures what one core of the proxy does on this host: bytes or sessions over the CPU time of its loops, kernel included. Client
/// and Telegram run in the same process and are not counted.
/// </summary>
internal sealed class SelftestFigures(SelftestRunner runner, SelftestLoad load, CancellationToken cancellation)
{
    private const int SessionsInARound = 50;

    private static readonly SelftestWay Classic = new("classic", ClientMode.Classic, ProtocolTag.Intermediate);
    private static readonly SelftestWay Tls = new("fake TLS", ClientMode.Tls, ProtocolTag.PaddedIntermediate);

    /// <summary>MB per second, for classic and fake TLS.</summary>
    public Task<(double Classic, double Tls)> DownloadAsync() => BothAsync(
        load.Bytes / 1e6, way => Task.WhenAll(Flows.Select(_ => runner.DownloadAsync(way, load.Bytes / load.Flows, cancellation))));

    /// <inheritdoc cref="DownloadAsync"/>
    public Task<(double Classic, double Tls)> UploadAsync() => BothAsync(
        load.Bytes / 1e6, way => Task.WhenAll(Flows.Select(_ => runner.UploadAsync(way, load.Bytes / load.Flows, cancellation))));

    /// <summary>Short sessions per second, one after another.</summary>
    public Task<(double Classic, double Tls)> SessionsAsync() => BothAsync(SessionsInARound, async way =>
    {
        for (var i = 0; i < SessionsInARound; i++)
        {
            await runner.SessionAsync(way, 2, cancellation);
        }
    });

    private IEnumerable<int> Flows => Enumerable.Range(0, load.Flows);

    private async Task<(double Classic, double Tls)> BothAsync(double amount, Func<SelftestWay, Task> round) =>
        (await RateAsync(amount, () => round(Classic)), await RateAsync(amount, () => round(Tls)));

    private async Task<double> RateAsync(double amount, Func<Task> round)
    {
        var (before, watch, rounds) = (LoopCpu.Read(), Stopwatch.StartNew(), 0);
        do
        {
            await round();
            rounds++;
        }
        while (watch.Elapsed < load.Time);

        // A run too short for the kernel's clock counts as one tick of it.
        return amount * rounds / Math.Max((LoopCpu.Read() - before).TotalSeconds, LoopCpu.Tick.TotalSeconds);
    }
}
