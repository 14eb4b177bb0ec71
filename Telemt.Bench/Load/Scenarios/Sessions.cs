using Telemt.Bench.Load.Targets;
using Telemt.Bench.Load.Traffic;

namespace Telemt.Bench.Load.Scenarios;

/// <summary>Whole sessions one after the other, several at a time: accept, handshake, dial, first answer, close.</summary>
internal sealed class Sessions(int concurrency) : Scenario
{
    /// <summary>As req_pq_multi and resPQ in a padded frame.</summary>
    public const int RequestSize = 48;
    public const int AnswerSize = 104;

    private const int Cold = 1000;

    /// <summary>As many before the window at least: the runtime recompiles what is called often, and then it is at its speed.</summary>
    private const int Practice = 10_000;

    private const double Micro = 1e6;

    public override string Name => $"sessions, {concurrency} at a time";

    public override IReadOnlyList<Metric> Metrics { get; } =
    [
        new("CPU per session", "µs", "F1"),
        new("sessions per second", "", "F0"),
        new($"CPU per session, the first {Cold}", "µs", "F1"),
    ];

    public override Sample Measure(Stage stage, RunningTarget target, Opening opening)
    {
        var tally = new Tally();
        stage.Dc.Part = () => new AnsweringDc(stage.Poller, tally, RequestSize, AnswerSize);
        var cold = new UsageWindow(target.Meter);
        for (var i = 0; i < concurrency; i++)
        {
            Start();
        }

        Await(stage, tally, $"the first {Cold} sessions", () => tally.Answers >= Cold);
        var coldUsage = cold.End();
        var coldAnswers = tally.Answers;
        stage.Poller.Run(stage.Timing.Patience, () => tally.Answers >= Practice);
        stage.Poller.Run(stage.Timing.Warmup);

        var before = tally.Answers;
        var window = new UsageWindow(target.Meter);
        stage.Poller.Run(stage.Timing.Measure);
        var usage = window.End();
        var sessions = tally.Answers - before;
        RefuseBroken(tally, share: 0.001, tally.Answers);
        return new Sample(
            usage,
            [usage.TargetCpu / sessions * Micro, sessions / usage.Seconds, coldUsage.TargetCpu / coldAnswers * Micro]);

        void Start() =>
            new AskingClient(stage.Poller, opening, tally, RequestSize, AnswerSize, Finish, _ => Start()).Connect(target.Port);

        void Finish(AskingClient client, long ticks)
        {
            stage.Poller.Close(client);
            Start();
        }
    }
}
