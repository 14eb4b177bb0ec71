using Telemt.Bench.Load.Targets;
using Telemt.Bench.Load.Traffic;

namespace Telemt.Bench.Load.Scenarios;

/// <summary>Downloads whose clients stop reading: what they hold and cost, whether others notice, and whether they go on afterwards.</summary>
internal sealed class Stall(int stalled, int others) : Scenario
{
    private const int StallsAfter = 1024 * 1024;
    private const int MoreAfterwards = 16 * 1024 * 1024;
    private const double Mega = 1024 * 1024;

    private static readonly TimeSpan FillTime = TimeSpan.FromSeconds(2);

    public override string Name => $"{stalled} stalled downloads, {others} others";

    public override IReadOnlyList<Metric> Metrics { get; } =
    [
        new("resident more", "MiB", "F1"),
        new("CPU while stalled", "ms/s", "F2"),
        new("the others' throughput", "MB/s", "F0"),
        new("stalled ones that went on", "", "F0"),
    ];

    public override Sample Measure(Stage stage, RunningTarget target, Opening opening)
    {
        var tally = new Tally();
        stage.Dc.Part = () => new BulkDc(stage.Poller, tally, Direction.Down, stage.Noise);
        Open(others, null);
        Await(stage, tally, "downloads", () => tally.Opened == others);
        stage.Poller.Run(stage.Timing.Warmup);
        stage.Clear();

        // With nobody else there a process at rest uses nothing.
        var before = target.Meter.ResidentBytes;
        tally = new Tally();
        stage.Dc.Part = () => new BulkDc(stage.Poller, tally, Direction.Down, stage.Noise);
        var stalling = Open(stalled, StallsAfter);
        Await(stage, tally, "stalls", () => stalling.TrueForAll(client => client.Taken >= StallsAfter));
        stage.Poller.Run(FillTime);
        var held = target.Meter.ResidentBytes - before;
        var window = new UsageWindow(target.Meter);
        stage.Poller.Run(stage.Timing.Measure);
        var quiet = window.End();

        Open(others, null);
        Await(stage, tally, "others", () => tally.Opened == stalled + others);
        var moved = tally.DownBytes;
        window = new UsageWindow(target.Meter);
        stage.Poller.Run(stage.Timing.Measure);
        var usage = window.End();
        moved = tally.DownBytes - moved;

        var goals = stalling.ConvertAll(client => client.Taken + MoreAfterwards);
        stalling.ForEach(client => client.Resume());
        stage.Poller.Run(stage.Timing.Patience, () => WentOn() == stalled);
        return new Sample(
            usage,
            [held / Mega, quiet.TargetCores * 1000, moved / 1e6 / usage.Seconds, WentOn()]);

        int WentOn() => stalling.Where((client, i) => client.Taken >= goals[i]).Count();

        List<BulkClient> Open(int count, long? stallsAfter)
        {
            var clients = new List<BulkClient>();
            for (var i = 0; i < count; i++)
            {
                var client = new BulkClient(stage.Poller, opening, tally, Direction.Down, stage.Noise) { StallsAfter = stallsAfter };
                client.Connect(target.Port);
                clients.Add(client);
            }

            return clients;
        }
    }
}
