using Telemt.Bench.Load.Targets;
using Telemt.Bench.Load.Traffic;

namespace Telemt.Bench.Load.Scenarios;

/// <summary>From the start of the process until it listens; then at rest.</summary>
internal sealed class Startup : Scenario
{
    private const double Mega = 1024 * 1024;

    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);

    public override string Name => "start";

    public override IReadOnlyList<Metric> Metrics { get; } =
    [
        new("CPU until it listens", "ms", "F0"),
        new("time until it listens", "ms", "F0"),
        new("resident two seconds later", "MiB", "F1"),
    ];

    public override Sample Measure(Stage stage, RunningTarget target, Opening opening)
    {
        var window = new UsageWindow(target.Meter);
        stage.Poller.Run(Settle);
        return new Sample(
            window.End(),
            [target.StartCpuSeconds * 1000, target.StartTime.TotalMilliseconds, target.Meter.ResidentBytes / Mega]);
    }
}
