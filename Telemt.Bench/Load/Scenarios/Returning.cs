using Telemt.Bench.Load.Targets;
using Telemt.Bench.Load.Traffic;

namespace Telemt.Bench.Load.Scenarios;

/// <summary>
/// Phones, each with its own address and as far as the target has them its own user, that come back in random order: whole sessions, as
/// <see cref="Sessions"/>. Everybody has been there once before the window.
/// </summary>
internal sealed class Returning(int concurrency, int phones) : Scenario
{
    private const double Micro = 1e6;

    /// <summary>Among 10,000 users a first session takes milliseconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public override string Name => $"returning: {phones} phones, {concurrency} at a time";

    public override IReadOnlyList<Metric> Metrics { get; } =
    [
        new("CPU per session", "µs", "F1"),
        new("CPU per session, each for the first time", "µs", "F1"),
    ];

    public override Sample Measure(Stage stage, RunningTarget target, Opening opening)
    {
        var openings = Enumerable.Range(0, Math.Min(phones, target.Users))
            .Select(phone => new Opening(opening.Mode, TelemtTarget.KeyOf(phone * target.Users / phones), TelemtTarget.Domain, stage.Random, stage.Clock))
            .ToArray();
        var random = new Random(1);
        var tally = new Tally();
        stage.Dc.Part = () => new AnsweringDc(stage.Poller, tally, Sessions.RequestSize, Sessions.AnswerSize);
        var started = 0;
        var first = new UsageWindow(target.Meter);
        for (var i = 0; i < concurrency; i++)
        {
            Start();
        }

        if (!stage.Poller.Run(Patience, () => tally.Answers >= phones + concurrency))
        {
            throw new TargetException($"{tally.Answers} first sessions of {phones} after {Patience.TotalSeconds} s, {tally.Broken} broken");
        }

        var firstUsage = first.End();
        stage.Poller.Run(stage.Timing.Warmup);
        var before = tally.Answers;
        var window = new UsageWindow(target.Meter);
        stage.Poller.Run(stage.Timing.Measure);
        var usage = window.End();
        RefuseBroken(tally, share: 0.001, tally.Answers);
        return new Sample(
            usage,
            [usage.TargetCpu / (tally.Answers - before) * Micro, firstUsage.TargetCpu / (phones + concurrency) * Micro]);

        void Start()
        {
            var phone = started < phones ? started : random.Next(phones);
            started++;
            new AskingClient(
                stage.Poller, openings[phone % openings.Length], tally, Sessions.RequestSize, Sessions.AnswerSize, Finish, _ => Start())
                .Connect(target.Port, phone + 1);
        }

        void Finish(AskingClient client, long ticks)
        {
            stage.Poller.Close(client);
            Start();
        }
    }
}
