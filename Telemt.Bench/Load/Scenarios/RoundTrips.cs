using System.Diagnostics;
using Telemt.Bench.Load.Report;
using Telemt.Bench.Load.Targets;
using Telemt.Bench.Load.Traffic;

namespace Telemt.Bench.Load.Scenarios;

/// <summary>Small messages there and back, each client one at a time, alone or beside downloads.</summary>
internal sealed class RoundTrips(int clients, int bulkFlows) : Scenario
{
    private const int MessageSize = 256;
    private const double Micro = 1e6;

    /// <summary>More are not kept; a window has a few hundred thousand.</summary>
    private const int MostKept = 4_000_000;

    public override string Name => $"{MessageSize} B round trips, {clients} clients"
        + (bulkFlows == 0 ? "" : $" beside {bulkFlows} downloads");

    public override IReadOnlyList<Metric> Metrics { get; } =
    [
        new("CPU per round trip", "µs", "F1"),
        new("p50", "µs", "F0"),
        new("p99", "µs", "F0"),
        new("round trips per second", "", "F0"),
    ];

    public override Sample Measure(Stage stage, RunningTarget target, Opening opening)
    {
        var bulk = new Tally();
        stage.Dc.Part = () => new BulkDc(stage.Poller, bulk, Direction.Down, stage.Noise);
        for (var i = 0; i < bulkFlows; i++)
        {
            new BulkClient(stage.Poller, opening, bulk, Direction.Down, stage.Noise).Connect(target.Port);
        }

        Await(stage, bulk, "downloads", () => bulk.Opened == bulkFlows);

        var tally = new Tally();
        var ticks = new List<long>(capacity: 1_000_000);
        stage.Dc.Part = () => new AnsweringDc(stage.Poller, tally, MessageSize, MessageSize);
        for (var i = 0; i < clients; i++)
        {
            new AskingClient(stage.Poller, opening, tally, MessageSize, MessageSize, Repeat).Connect(target.Port);
        }

        Await(stage, tally, "first answers", () => tally.Answers >= clients * 100);
        stage.Poller.Run(stage.Timing.Warmup);
        ticks.Clear();
        var window = new UsageWindow(target.Meter);
        stage.Poller.Run(stage.Timing.Measure);
        var usage = window.End();
        RefuseBroken(tally, share: 0, clients);
        RefuseBroken(bulk, share: 0, bulkFlows);
        var sorted = ticks.Select(t => t * Micro / Stopwatch.Frequency).Order().ToArray();
        return new Sample(
            usage,
            [
                usage.TargetCpu / sorted.Length * Micro,
                Statistics.Percentile(sorted, 0.5),
                Statistics.Percentile(sorted, 0.99),
                sorted.Length / usage.Seconds,
            ]);

        void Repeat(AskingClient client, long took)
        {
            if (ticks.Count < MostKept)
            {
                ticks.Add(took);
            }

            client.Ask();
        }
    }
}
