using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using Telemt.Core.Settings;

namespace Telemt.Core.Routing;

/// <summary>
/// What is known of the ways to Telegram: fed by sessions and probes, asked by whoever dials. An edit keeps all that is known of what
/// stays. One for the process, safe for any thread; asking takes no lock.
/// </summary>
internal sealed class HealthLedger(TimeProvider clock, UpstreamBalancer balancer)
{
    /// <summary>From here on they are Telegram's own for tests: asked only where a client has been there.</summary>
    private const int TestDcs = 10_000;

    private readonly Lock _lock = new();
    private volatile Table _table = Table.Empty;

    /// <summary>As the settings in force have them.</summary>
    public HealthSettings Rules => _table.Rules;

    /// <summary>In the order of the file; behind them those that drain.</summary>
    public ImmutableArray<UpstreamState> Upstreams => _table.All;

    /// <summary>The DCs of the settings in force.</summary>
    public ImmutableArray<DcRoute> Dcs => _table.Dcs;

    /// <summary>The settings of the start, or an edit.</summary>
    public LedgerChange Apply(ProxySettings settings)
    {
        lock (_lock)
        {
            var known = _table.All.ToList();
            var wanted = settings.Upstreams.Where(upstream => upstream.Enabled).ToArray();
            var present = new UpstreamState[wanted.Length];

            // The same way may stand in the file twice, for two groups: whoever keeps his name, then his group, has the first pick.
            Match(wanted, present, known, static (settings, state) => settings.Name == state.Settings.Name);
            Match(wanted, present, known, static (settings, state) => settings.Group == state.Settings.Group);
            Match(wanted, present, known, static (_, _) => true);
            var added = new List<UpstreamState>();
            for (var i = 0; i < wanted.Length; i++)
            {
                if (present[i] is null or { IsDraining: true })
                {
                    added.Add(present[i] ??= new UpstreamState(wanted[i]));
                }

                present[i].IsDraining = false;
                present[i].Settings = wanted[i];
            }

            var removed = known.Where(upstream => !upstream.IsDraining).ToImmutableArray();
            foreach (var upstream in removed)
            {
                upstream.IsDraining = true;
            }

            var dcs = settings.Dcs.Routes.ToImmutableArray();
            var targets = dcs.SelectMany(dc => dc.Ipv4First).ToHashSet();
            Array.ForEach(present, upstream => upstream.KeepPaths(targets));
            var draining = known.Where(upstream => upstream.Live > 0);
            _table = new Table(settings.Health, [.. present], [.. present, .. draining], dcs);
            return new LedgerChange([.. added], removed);
        }
    }

    /// <summary>What to try for a DC.</summary>
    public List<RouteCandidate> PlanFor(UpstreamChoice choice, ImmutableArray<EndPoint> addresses) =>
        Plan(choice, addresses, tracked: true);

    /// <summary>What to try for anything else: only the upstreams' own health counts.</summary>
    public List<RouteCandidate> PlanForOther(UpstreamChoice choice, ImmutableArray<EndPoint> targets) =>
        Plan(choice, targets, tracked: false);

    /// <summary>An attempt, or a probe's, has connected: as good as an answer, but where answers have failed to come.</summary>
    public RouteEvent Connected(RouteCandidate candidate, TimeSpan time)
    {
        candidate.Path?.Connect.Add(time);
        return Works(candidate, candidate.Path is { IsMute: false } path ? path : null);
    }

    /// <summary>The way and its DC have answered.</summary>
    public RouteEvent Works(RouteCandidate candidate)
    {
        candidate.Path?.OnAnswer();
        return Works(candidate, candidate.Path);
    }

    /// <summary>It took a connection, and what a client said, and stayed mute.</summary>
    public RouteEvent Mute(RouteCandidate candidate, string error)
    {
        candidate.Path?.OnMute();
        return Failed(candidate, DialFault.Target, error);
    }

    /// <param name="error">In words, without secrets.</param>
    public RouteEvent Failed(RouteCandidate candidate, DialFault fault, string error)
    {
        if (fault == DialFault.Own)
        {
            return RouteEvent.None;
        }

        var now = clock.GetUtcNow();
        candidate.Upstream.CountFailure();
        if (fault == DialFault.Upstream)
        {
            return candidate.Upstream.Health.Failed(error, Rules, now) == Health.Change.WentDown
                ? RouteEvent.UpstreamDown
                : RouteEvent.None;
        }

        // It took the way as far as the target: a SOCKS server that says no is well.
        if (candidate.Upstream.Settings.Kind != UpstreamKind.Direct
            && candidate.Upstream.Health.Succeeded(Rules, now) == Health.Change.CameBack)
        {
            _ = candidate.Path?.Health.Failed(error, Rules, now);
            return RouteEvent.UpstreamUp;
        }

        return candidate.Path?.Health.Failed(error, Rules, now) == Health.Change.WentDown ? RouteEvent.PathDown : RouteEvent.None;
    }

    /// <summary>
    /// What is to be asked regularly: each address by each upstream, and of an upstream that is down one address. Sessions do not come to
    /// what has failed while another way works, and nobody would know which family is the quicker one.
    /// </summary>
    public List<(RouteCandidate Candidate, short Dc)> ToProbe()
    {
        var ways = new List<(RouteCandidate, short)>();
        foreach (var upstream in _table.All.Where(upstream => !upstream.IsDraining))
        {
            var targets = _table.Dcs.SelectMany(dc => dc.Ipv4First.Select(address => (address, dc.Index)))
                .Where(target => upstream.Settings.Reaches(target.address) && (target.Index < TestDcs || upstream.FindPath(target.address) is not null))
                .DistinctBy(target => target.address);
            if (upstream.Health.IsDown)
            {
                // One that sessions were sent to, if there is one.
                targets = targets.OrderBy(target => upstream.FindPath(target.address) is null ? 1 : 0).Take(1);
            }

            ways.AddRange(targets.Select(target =>
                (new RouteCandidate(upstream, target.address, upstream.PathTo(target.address), null, IsFallback: false), target.Index)));
        }

        return ways;
    }

    private RouteEvent Works(RouteCandidate candidate, PathState? answering)
    {
        var now = clock.GetUtcNow();
        var upstream = candidate.Upstream.Health.Succeeded(Rules, now);
        var path = answering?.Health.Succeeded(Rules, now) ?? Health.Change.None;
        return upstream == Health.Change.CameBack ? RouteEvent.UpstreamUp
            : path == Health.Change.CameBack ? RouteEvent.PathUp
            : RouteEvent.None;
    }

    private List<RouteCandidate> Plan(UpstreamChoice choice, ImmutableArray<EndPoint> targets, bool tracked)
    {
        var table = _table;
        var fallback = choice.Fallback == choice.Group ? [] : table.Group(choice.Fallback);
        return RoutePlan.Create(table.Group(choice.Group), fallback, targets, tracked, balancer);
    }

    private static void Match(
        UpstreamSettings[] wanted, UpstreamState?[] present, List<UpstreamState> known, Func<UpstreamSettings, UpstreamState, bool> also)
    {
        for (var i = 0; i < wanted.Length; i++)
        {
            var settings = wanted[i];
            if (present[i] is null && known.Find(state => state.Settings.Identity == settings.Identity && also(settings, state)) is { } state)
            {
                present[i] = state;
                known.Remove(state);
            }
        }
    }

    private sealed class Table(
        HealthSettings rules,
        ImmutableArray<UpstreamState> present,
        ImmutableArray<UpstreamState> all,
        ImmutableArray<DcRoute> dcs)
    {
        public static readonly Table Empty = new(new HealthSettings(), [], [], []);

        private readonly FrozenDictionary<string, ImmutableArray<UpstreamState>> _groups = present
            .GroupBy(upstream => upstream.Settings.Group)
            .ToFrozenDictionary(group => group.Key, group => group.ToImmutableArray(), StringComparer.Ordinal);

        public HealthSettings Rules { get; } = rules;

        public ImmutableArray<UpstreamState> All { get; } = all;

        public ImmutableArray<DcRoute> Dcs { get; } = dcs;

        public ImmutableArray<UpstreamState> Group(string? name) => name is null ? [] : _groups.GetValueOrDefault(name, []);
    }
}
