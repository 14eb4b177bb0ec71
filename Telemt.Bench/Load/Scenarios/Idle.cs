using Telemt.Bench.Load.Targets;
using Telemt.Bench.Load.Traffic;

namespace Telemt.Bench.Load.Scenarios;

/// <summary>Sessions that have had their first answer and then do nothing.</summary>
internal sealed class Idle(int sessions) : Scenario
{
    private const int AtATime = 64;
    private const int Practice = 1000;
    private const double Kilo = 1024;
    private const double Mega = 1024 * 1024;

    /// <summary>Telemt gives back what a burst of handshakes left within ten seconds of quiet: idle is what comes then.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(12);

    public override string Name => $"idle, {sessions} sessions";

    public override IReadOnlyList<Metric> Metrics { get; } =
    [
        new("resident per session", "KiB", "F2"),
        new("CPU of all of them", "ms/s", "F2"),
        new("resident before", "MiB", "F1"),
        new("resident with them", "MiB", "F1"),
        new("resident after they closed", "MiB", "F1"),
        new("descriptors left behind", "", "F0"),
    ];

    public override Sample Measure(Stage stage, RunningTarget target, Opening opening)
    {
        // What the first sessions make the process load and compile is not theirs.
        var tally = new Tally();
        stage.Dc.Part = () => new AnsweringDc(stage.Poller, tally, Sessions.RequestSize, Sessions.AnswerSize);
        var descriptors = target.Meter.Descriptors;
        Open(stage, target, opening, tally, Practice);
        stage.Poller.CloseAllBut(stage.Dc);
        AwaitDescriptors(stage, target, descriptors);
        stage.Poller.Run(Settle);
        var before = target.Meter.ResidentBytes;
        descriptors = target.Meter.Descriptors;

        tally = new Tally();
        Open(stage, target, opening, tally, sessions);
        stage.Poller.Run(Settle);
        var with = target.Meter.ResidentBytes;
        var window = new UsageWindow(target.Meter);
        stage.Poller.Run(stage.Timing.Measure);
        var usage = window.End();
        RefuseBroken(tally, share: 0, sessions);

        stage.Poller.CloseAllBut(stage.Dc);
        AwaitDescriptors(stage, target, descriptors);
        stage.Poller.Run(Settle);
        return new Sample(
            usage,
            [
                (with - before) / Kilo / sessions,
                usage.TargetCores * 1000,
                before / Mega,
                with / Mega,
                target.Meter.ResidentBytes / Mega,
                target.Meter.Descriptors - descriptors,
            ]);
    }

    private static void Open(Stage stage, RunningTarget target, Opening opening, Tally tally, int count)
    {
        var started = 0;
        for (; started < Math.Min(AtATime, count); started++)
        {
            Start();
        }

        Await(stage, tally, $"{count} sessions", () => tally.Answers == count);

        void Start() => new AskingClient(
            stage.Poller,
            opening,
            tally,
            Sessions.RequestSize,
            Sessions.AnswerSize,
            (_, _) => Next()).Connect(target.Port);

        void Next()
        {
            if (started < count)
            {
                started++;
                Start();
            }
        }
    }

    /// <summary>Waits while it has more than it had; what stays is reported, not complained of.</summary>
    private static void AwaitDescriptors(Stage stage, RunningTarget target, int count)
    {
        for (var i = 0; i < 50 && target.Meter.Descriptors > count; i++)
        {
            stage.Poller.Run(TimeSpan.FromMilliseconds(100));
        }
    }
}
