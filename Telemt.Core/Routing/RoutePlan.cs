using System.Collections.Immutable;
using System.Net;

namespace Telemt.Core.Routing;

/// <summary>
/// What to try for one connection, in order: the upstreams of the group as the balancer has them, of each the addresses that work, those
/// without a fresh failure first; then the fallback group; and at the end everything that is avoided. When nothing is healthy,
/// everything is tried.
/// </summary>
internal static class RoutePlan
{
    /// <summary>More than anybody can wait for inside one deadline.</summary>
    public const int MostCandidates = 24;

    /// <param name="own">Of the group, enabled.</param>
    /// <param name="targets">Addresses of one DC (or whatever is to be reached), the preferred family first.</param>
    /// <param name="tracked">The targets are a DC's: their health counts and is kept.</param>
    public static List<RouteCandidate> Create(
        ImmutableArray<UpstreamState> own,
        ImmutableArray<UpstreamState> fallback,
        ImmutableArray<EndPoint> targets,
        bool tracked,
        UpstreamBalancer balancer)
    {
        var plan = new List<RouteCandidate>(4);
        var avoided = new List<RouteCandidate>();
        AddGroup(plan, avoided, own, targets, tracked, isFallback: false, balancer);
        AddGroup(plan, avoided, fallback, targets, tracked, isFallback: true, balancer);
        plan.AddRange(avoided);
        if (plan.Count > MostCandidates)
        {
            plan.RemoveRange(MostCandidates, plan.Count - MostCandidates);
        }

        return plan;
    }

    private static void AddGroup(
        List<RouteCandidate> plan,
        List<RouteCandidate> avoided,
        ImmutableArray<UpstreamState> group,
        ImmutableArray<EndPoint> targets,
        bool tracked,
        bool isFallback,
        UpstreamBalancer balancer)
    {
        if (group.Length == 1)
        {
            AddUpstream(plan, avoided, group[0], targets, tracked, isFallback);
            return;
        }

        var ways = new BalancedWay[group.Length];
        for (var i = 0; i < ways.Length; i++)
        {
            ways[i] = new BalancedWay(group[i], group[i].Settings.Weight, tracked ? LatencyOf(group[i], targets) : 0);
        }

        // Those that work are drawn among themselves, or their shares would bend to the weights of those that do not.
        var working = 0;
        for (var i = 0; i < ways.Length; i++)
        {
            if (Works(ways[i].Upstream, targets, tracked))
            {
                (ways[working], ways[i]) = (ways[i], ways[working]);
                working++;
            }
        }

        balancer.Order(ways.AsSpan(0, working));
        balancer.Order(ways.AsSpan(working));
        foreach (var way in ways)
        {
            AddUpstream(plan, avoided, way.Upstream, targets, tracked, isFallback);
        }
    }

    private static void AddUpstream(
        List<RouteCandidate> plan,
        List<RouteCandidate> avoided,
        UpstreamState upstream,
        ImmutableArray<EndPoint> targets,
        bool tracked,
        bool isFallback)
    {
        var settings = upstream.Settings;
        var clean = plan.Count;
        foreach (var target in tracked ? QuickerFamilyFirst(upstream, targets) : targets)
        {
            if (!settings.Reaches(target))
            {
                continue;
            }

            var candidate = new RouteCandidate(upstream, target, tracked ? upstream.PathTo(target) : null, null, isFallback);
            if (!candidate.IsHealthy)
            {
                avoided.Add(candidate);
            }
            else if (candidate.IsDoubtful)
            {
                plan.Add(candidate);
            }
            else
            {
                plan.Insert(clean++, candidate);
            }
        }
    }

    /// <summary>
    /// The preferred family goes first, unless the other one is known to be clearly quicker to this DC by this upstream.
    /// </summary>
    private static ImmutableArray<EndPoint> QuickerFamilyFirst(UpstreamState upstream, ImmutableArray<EndPoint> targets)
    {
        if (targets.Length < 2 || IsIpv6(targets[0]) == IsIpv6(targets[^1]))
        {
            return targets;
        }

        var (preferred, other) = (0.0, 0.0);
        foreach (var target in targets)
        {
            ref var quickest = ref IsIpv6(target) == IsIpv6(targets[0]) ? ref preferred : ref other;
            if (AverageOf(upstream, target) is > 0 and var average && (quickest == 0 || average < quickest))
            {
                quickest = average;
            }
        }

        return UpstreamBalancer.IsClearlyQuicker(other, preferred)
            ? [.. targets.Where(target => IsIpv6(target) != IsIpv6(targets[0])), .. targets.Where(target => IsIpv6(target) == IsIpv6(targets[0]))]
            : targets;
    }

    private static bool IsIpv6(EndPoint target) => target.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;

    private static bool Works(UpstreamState upstream, ImmutableArray<EndPoint> targets, bool tracked)
    {
        var settings = upstream.Settings;
        if (upstream.Health.IsDown)
        {
            return false;
        }

        foreach (var target in targets)
        {
            if (settings.Reaches(target) && (!tracked || upstream.FindPath(target)?.Health.IsDown != true))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Of the address that would be tried first.</summary>
    private static double LatencyOf(UpstreamState upstream, ImmutableArray<EndPoint> targets)
    {
        foreach (var target in targets)
        {
            if (AverageOf(upstream, target) is > 0 and var average)
            {
                return average;
            }
        }

        return 0;
    }

    /// <summary>Milliseconds; 0 of one that is not known to work.</summary>
    private static double AverageOf(UpstreamState upstream, EndPoint target) =>
        upstream.FindPath(target) is { Health: { IsDown: false, Failures: 0 }, Connect.Average: var average } ? average : 0;
}
