using Telemt.Bench.Load.Targets;
using Telemt.Bench.Load.Traffic;

namespace Telemt.Bench.Load.Scenarios;

/// <summary>Flows that send without end: what a second of the target's CPU moves.</summary>
internal sealed class Throughput(Direction direction, int flows) : Scenario
{
    private const double Mega = 1e6;

    public override string Name => $"{direction.ToString().ToLowerInvariant()}, {flows} {(flows == 1 ? "flow" : "flows")}";

    public override bool NeedsBusyTarget => true;

    public override IReadOnlyList<Metric> Metrics { get; } =
        [new("throughput by CPU time", "MB/CPU-s", "F0"), new("throughput", "MB/s", "F0")];

    public override Sample Measure(Stage stage, RunningTarget target, Opening opening)
    {
        var tally = new Tally();
        var sent = opening.Mode == LoadMode.Tls ? stage.Records : stage.Noise;
        stage.Dc.Part = () => new BulkDc(stage.Poller, tally, direction, stage.Noise);
        for (var i = 0; i < flows; i++)
        {
            new BulkClient(stage.Poller, opening, tally, direction, sent).Connect(target.Port);
        }

        Await(stage, tally, "flows", () => tally.Opened == flows && tally.AtDc == flows);
        stage.Poller.Run(stage.Timing.Warmup);

        var before = tally.DownBytes + tally.UpBytes;
        var window = new UsageWindow(target.Meter);
        stage.Poller.Run(stage.Timing.Measure);
        var usage = window.End();
        var moved = (tally.DownBytes + tally.UpBytes - before) / Mega;
        RefuseBroken(tally, share: 0, flows);
        return new Sample(usage, [moved / usage.TargetCpu, moved / usage.Seconds]);
    }
}
