using System.Diagnostics.Metrics;
using Telemt.Worker.Configuration;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Telemetry;

/// <summary>The loops, the buffers, the descriptors, and what reloads came to.</summary>
internal sealed class HostMetrics : IReloadObserver
{
    private readonly Counter<long> _reloads;

    public HostMetrics(IMeterFactory meters, LoopReader reader, LoopGroup loops)
    {
        var meter = meters.Create(ProxyMetrics.MeterName);
        meter.CreateObservableGauge("telemt.loop.lag", () => Lags(reader), "s", "How long work waits on a loop; missing while a loop does not answer.");
        meter.CreateObservableCounter("telemt.loop.time", () => Times(loops), "s", "CPU time of a loop: its rate is how busy it is, 1 for wholly.");
        meter.CreateObservableUpDownCounter(
            "telemt.buffers.held", () => loops.Loops.Sum(loop => loop.Buffers.Held), "By", "Bytes that wait for slow readers.");
        meter.CreateObservableUpDownCounter(
            "telemt.buffers.limit", () => loops.Loops.Sum(loop => loop.Buffers.Budget), "By", "Bytes that may wait for slow readers.");
        meter.CreateObservableUpDownCounter(
            "telemt.descriptors.open", () => Directory.GetFileSystemEntries("/proc/self/fd").Length, "{descriptor}", "Open descriptors.");
        meter.CreateObservableUpDownCounter("telemt.descriptors.limit", HostLimits.Descriptors, "{descriptor}", "Descriptors that may be open.");
        _reloads = meter.CreateCounter<long>("telemt.reloads", "{reload}", "Readings of the configuration, by result.");
    }

    void IReloadObserver.Reloading()
    {
        // Only the end counts.
    }

    void IReloadObserver.Reloaded(ReloadOutcome outcome) => _reloads.Add(1, MetricTags.Of("result", outcome));

    private static IEnumerable<Measurement<double>> Lags(LoopReader reader) => reader.Loops
        .Select((sample, index) => (sample, index))
        .Where(it => it.sample is not null)
        .Select(it => new Measurement<double>(it.sample!.Value.Lag.TotalSeconds, Tag(it.index)));

    private static IEnumerable<Measurement<double>> Times(LoopGroup loops) =>
        loops.Loops.Select(loop => new Measurement<double>(loop.CpuTime.TotalSeconds, Tag(loop.Index)));

    private static KeyValuePair<string, object?> Tag(int loop) => new("loop", loop);
}
