using System.Diagnostics;
using Telemt.Bench.Load.Report;
using Telemt.Bench.Load.Targets;
using Telemt.Bench.Load.Traffic;

namespace Telemt.Bench.Load.Scenarios;

/// <summary>Small messages there and back, by turns alone and beside hellos that are nobody's.</summary>
internal sealed class BesideBogus(int clients) : Scenario
{
    private const int MessageSize = 256;
    private const int Turns = 4;
    private const double Micro = 1e6;

    public override string Name => $"{MessageSize} B round trips, {clients} clients, alone and beside {Bogus.PerSecond} bogus hellos a second";

    public override IReadOnlyList<Metric> Metrics { get; } =
    [
        new("p99 beside them, of p99 alone", "", "F2"),
        new("p50 alone", "µs", "F0"),
        new("p50 beside them", "µs", "F0"),
        new("p99 alone", "µs", "F0"),
        new("p99 beside them", "µs", "F0"),
    ];

    public override Sample Measure(Stage stage, RunningTarget target, Opening opening)
    {
        var tally = new Tally();
        var (alone, beside) = (new List<long>(1_000_000), new List<long>(1_000_000));
        var now = alone;
        stage.Dc.Part = () => new AnsweringDc(stage.Poller, tally, MessageSize, MessageSize);
        for (var i = 0; i < clients; i++)
        {
            new AskingClient(stage.Poller, opening, tally, MessageSize, MessageSize, Repeat).Connect(target.Port);
        }

        Await(stage, tally, "first answers", () => tally.Answers >= clients * 100);
        stage.Poller.Run(stage.Timing.Warmup);
        alone.Clear();
        var window = new UsageWindow(target.Meter);
        var sent = 0;
        for (var turn = 0; turn < Turns; turn++)
        {
            now = alone;
            stage.Poller.Run(stage.Timing.Measure / Turns);
            now = beside;
            var bogus = new BogusHellos(stage.Poller, opening, target.Port, Bogus.PerSecond, sent);
            stage.Poller.Run(stage.Timing.Measure / Turns, bogus.SendDue);
            sent += bogus.Sent;
        }

        var usage = window.End();
        RefuseBroken(tally, share: 0, clients);
        var (without, with) = (Sorted(alone), Sorted(beside));
        return new Sample(
            usage,
            [
                Statistics.Percentile(with, 0.99) / Statistics.Percentile(without, 0.99),
                Statistics.Percentile(without, 0.5),
                Statistics.Percentile(with, 0.5),
                Statistics.Percentile(without, 0.99),
                Statistics.Percentile(with, 0.99),
            ]);

        void Repeat(AskingClient client, long took)
        {
            now.Add(took);
            client.Ask();
        }

        static double[] Sorted(List<long> ticks) => [.. ticks.Select(t => t * Micro / Stopwatch.Frequency).Order()];
    }
}
