using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Telemt.Core.Fronting;
using Telemt.Core.Gate;
using Telemt.Core.Replay;
using Telemt.Core.Status;
using Telemt.Core.Wire;
using Telemt.Worker.Sessions;

namespace Telemt.Worker.Telemetry;

/// <summary>
/// What can be measured without a session noticing: instruments that look at counts which exist anyway, when somebody reads them.
/// </summary>
internal sealed class ProxyMetrics : IHostedService
{
    public const string MeterName = "Telemt";

    private static readonly SessionStage[] Stages = [SessionStage.Stranger, SessionStage.Client, SessionStage.Masked];
    private static readonly ClientMode[] Modes = Enum.GetValues<ClientMode>();
    private static readonly Refusal[] Refusals = [.. Enum.GetValues<Refusal>().Where(refusal => refusal != Refusal.None)];
    private static readonly KeyGroup[] Groups = Enum.GetValues<KeyGroup>();
    private static readonly StrangerClass[] Classes = Enum.GetValues<StrangerClass>();
    private static readonly SessionEnd[] Ends = [.. Enum.GetValues<SessionEnd>().Where(end => end != SessionEnd.None)];

    public ProxyMetrics(IMeterFactory meters, SessionRegistry sessions, LoopReader loops, ReplayWindow replay)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableUpDownCounter(
            "telemt.sessions.active",
            () => Stages.Select(stage => new Measurement<int>(sessions.CountOf(stage), MetricTags.Of("stage", stage))),
            "{session}",
            "Connections by what they are: a client, a stranger, or handed to the mask host.");
        meter.CreateObservableCounter(
            "telemt.sessions.refused",
            () => Refusals.Select(cause => new Measurement<long>(sessions.CountOf(cause), MetricTags.Of("cause", cause))),
            "{session}",
            "Connections that were not served, by cause.");
        meter.CreateObservableCounter(
            "telemt.sessions.strangers",
            () => Classes.Select(looks => new Measurement<long>(sessions.CountOf(looks), MetricTags.Of("class", looks))),
            "{session}",
            "Connections that were not served, by what they looked like.");
        meter.CreateObservableCounter(
            "telemt.flights.answered",
            () => Groups.Select(group => new Measurement<long>(sessions.AnsweredBy(group), new KeyValuePair<string, object?>("group", KeyGroups.Name(group)))),
            "{hello}",
            "Hellos that were answered, by the group of the key in our ServerHello.");
        meter.CreateObservableCounter(
            "telemt.flights.abandoned",
            () => Groups.Select(group => new Measurement<long>(sessions.AbandonedBehind(group), new KeyValuePair<string, object?>("group", KeyGroups.Name(group)))),
            "{hello}",
            "Those of them behind which nothing came.");
        meter.CreateObservableCounter(
            "telemt.sessions.ended",
            () => Ends.Select(cause => new Measurement<long>(sessions.CountOf(cause), MetricTags.Of("cause", cause))),
            "{session}",
            "Connections that have ended, by cause.");
        meter.CreateObservableCounter(
            "telemt.sessions.admitted",
            () => Modes.Select(mode => new Measurement<long>(sessions.CountOf(mode), MetricTags.Of("mode", mode))),
            "{session}",
            "Clients that were let in, by mode.");
        meter.CreateObservableCounter(
            "telemt.connections.accepted", () => loops.Loops.Sum(loop => loop?.Accepted ?? 0), "{connection}", "Connections that came.");
        meter.CreateObservableCounter(
            "telemt.connections.masked", () => loops.Loops.Sum(loop => loop?.Masked ?? 0), "{connection}", "Connections handed to the mask host.");
        meter.CreateObservableCounter(
            "telemt.io",
            () => (Measurement<long>[])
            [
                new(loops.Loops.Sum(loop => loop?.Up ?? 0), new KeyValuePair<string, object?>("direction", "up")),
                new(loops.Loops.Sum(loop => loop?.Down ?? 0), new KeyValuePair<string, object?>("direction", "down")),
            ],
            "By",
            "Payload of clients.");
        meter.CreateObservableGauge(
            "telemt.replay.entries", () => replay.Count, "{handshake}", "Handshakes that the replay window remembers.");
        meter.CreateObservableGauge(
            "telemt.replay.reach", () => replay.Reach.TotalSeconds, "s", "Age of the oldest handshake that would be known again.");
    }

    /// <summary>The instruments are there from construction on; the host constructs what it starts.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
