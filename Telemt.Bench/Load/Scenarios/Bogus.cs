using Telemt.Bench.Load.Targets;
using Telemt.Bench.Load.Traffic;

namespace Telemt.Bench.Load.Scenarios;

/// <summary>Hellos that are nobody's, 50 a second, each from another address: what each costs.</summary>
internal sealed class Bogus : Scenario
{
    public const int PerSecond = 50;

    private const double Milli = 1000;

    public override string Name => $"{PerSecond} bogus hellos a second";

    public override IReadOnlyList<Metric> Metrics { get; } = [new("CPU per bogus hello", "ms", "F3")];

    public override Sample Measure(Stage stage, RunningTarget target, Opening opening)
    {
        var bogus = new BogusHellos(stage.Poller, opening, target.Port, PerSecond);
        stage.Poller.Run(stage.Timing.Warmup, bogus.SendDue);
        var before = bogus.Sent;
        var window = new UsageWindow(target.Meter);
        stage.Poller.Run(stage.Timing.Measure, bogus.SendDue);
        var usage = window.End();
        return new Sample(usage, [usage.TargetCpu / (bogus.Sent - before) * Milli]);
    }
}
