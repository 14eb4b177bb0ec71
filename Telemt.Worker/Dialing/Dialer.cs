using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging;
using Telemt.Core.Routing;
using Telemt.Core.Settings;
using Telemt.Worker.Sessions;
using Telemt.Worker.Telemetry;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Dialing;

/// <summary>
/// Connects on a loop, through upstreams or plainly: the first of the candidates that answers, all of them inside one deadline. What
/// each met goes into the ledger, whoever asked. To be called on the loop's thread, which the result comes back to.
/// </summary>
internal sealed class Dialer(HealthLedger ledger, NameResolver names, DialMetrics metrics, TimeProvider clock, ILogger<Dialer> log)
{
    private readonly UpstreamState _plain = new(new UpstreamSettings { Name = "plain", Kind = UpstreamKind.Direct });

    /// <summary>A session's way to its DC, by the upstreams that it may use.</summary>
    public ValueTask<DialResult> DialAsync(Session session, DcRoute route, TimeoutSettings timeouts) => DialAsync(
        session.Loop,
        session.Waiter!,
        ledger.PlanFor(session.Upstreams, route.Candidates(session.Settings.PreferIpv6)),
        DialTimes.For(session.Loop, timeouts),
        session.MakeRoom);

    /// <summary>The mask host's: from this host itself, by no upstream.</summary>
    /// <param name="due">Loop time by which the last attempt must have succeeded.</param>
    public ValueTask<DialResult> DialAsync(Session session, ImmutableArray<EndPoint> candidates, long due) => DialAsync(
        session.Loop,
        session.Waiter!,
        [.. candidates.Select(target => new RouteCandidate(_plain, target, null, null, IsFallback: false))],
        new DialTimes(due, RelayLimits.Milliseconds(session.Settings.Timeouts.ConnectStagger)),
        session.MakeRoom);

    /// <summary>Anything else by upstreams: a target that is no DC.</summary>
    /// <param name="waiter">The caller's own; cancel it to call the dial off.</param>
    public ValueTask<DialResult> DialAsync(
        EventLoop loop, LoopWaiter waiter, UpstreamChoice choice, ImmutableArray<EndPoint> targets, DialTimes times) =>
        DialAsync(loop, waiter, ledger.PlanForOther(choice, targets), times);

    /// <param name="plan">In order; is used up.</param>
    /// <param name="makeRoom">Asked for a descriptor when there is none.</param>
    public async ValueTask<DialResult> DialAsync(
        EventLoop loop, LoopWaiter waiter, List<RouteCandidate> plan, DialTimes times, Func<bool>? makeRoom = null)
    {
        if (plan.Count == 0)
        {
            return new DialResult(null, "no upstream of its group leads there");
        }

        var race = new DialRace(loop, waiter, plan, names, clock, makeRoom);
        var waited = WaitResult.Ready;
        while (waited != WaitResult.Cancelled)
        {
            var next = race.Advance(times.Stagger);
            if (race.Winner is not null || race.IsLost || loop.Now >= times.Due)
            {
                break;
            }

            waited = await waiter.Nudged(Math.Min(next, times.Due));
        }

        return Finish(race, waited == WaitResult.Cancelled, times);
    }

    /// <summary>A DC that was reached took what a client said, and was silent. Any thread.</summary>
    public void OnMute(PathState path)
    {
        var candidate = CandidateOf(path);
        const string Error = "it took what a client said and did not answer";
        Report(candidate, ledger.Mute(candidate, Error), Error);
    }

    /// <summary>It speaks again.</summary>
    public void OnAnswered(PathState path) => Report(CandidateOf(path), ledger.Works(CandidateOf(path)), null);

    private static RouteCandidate CandidateOf(PathState path) => new(path.Upstream, path.Target, path, null, IsFallback: false);

    private DialResult Finish(DialRace race, bool isCalledOff, DialTimes times)
    {
        // At the deadline whatever runs has had its time; beside a winner only what was joined for its silence.
        var failed = race.End(isCalledOff ? long.MaxValue : race.Winner is null ? 0 : times.Stagger);
        foreach (var attempt in failed)
        {
            metrics.Failed(attempt.Candidate, attempt.Fault);
            Report(attempt.Candidate, ledger.Failed(attempt.Candidate, attempt.Fault, attempt.Error!), attempt.Error);
        }

        if (race.Winner is { } winner)
        {
            if (isCalledOff)
            {
                winner.Abandon();
                return default;
            }

            metrics.Connected(winner.Candidate, winner.Elapsed);
            Report(winner.Candidate, ledger.Connected(winner.Candidate, winner.Elapsed), null);
            return new DialResult(winner.Socket, null) { Route = winner.Candidate, Bound = winner.Bound };
        }

        return isCalledOff
            ? default
            : new DialResult(null, string.Join("; ", failed.Select(attempt => $"{Where(attempt.Candidate)}: {attempt.Error}")));
    }

    private void Report(RouteCandidate candidate, RouteEvent what, string? error) => log.Tell(candidate, what, error);

    private string Where(RouteCandidate candidate) => candidate.Upstream == _plain
        ? $"{candidate.Hop ?? candidate.Target}"
        : $"{candidate.Hop ?? candidate.Target} by {candidate.Upstream}";
}
