using System.Diagnostics.Metrics;
using Telemt.Core.Routing;
using Telemt.Core.Status;
using Telemt.Worker.Middle;

namespace Telemt.Worker.Telemetry;

/// <summary>The ways to Telegram as the ledger and the pool of middle proxies know them, looked at when somebody reads.</summary>
internal sealed class RouteMetrics
{
    private readonly HealthLedger _ledger;

    public RouteMetrics(IMeterFactory meters, HealthLedger ledger, MiddlePool middle)
    {
        _ledger = ledger;
        var meter = meters.Create(ProxyMetrics.MeterName);
        meter.CreateObservableGauge("telemt.upstream.up", () => ByUpstream(static it => it.Health.IsDown ? 0 : 1), description: "0 of an upstream that is avoided.");
        meter.CreateObservableUpDownCounter("telemt.upstream.sessions", () => ByUpstream(static it => it.Live), "{session}", "Sessions by an upstream now.");
        meter.CreateObservableGauge("telemt.dc.up", Paths, description: "0 of a way to an address of a data centre that is avoided.");
        meter.CreateObservableCounter("telemt.dc.mute", MutePaths, "{session}", "Sessions whose data centre took what they said and did not answer.");
        meter.CreateObservableUpDownCounter(
            "telemt.middle.connections", () => ByCluster(middle, static it => it.Connections.Length), "{connection}", "Connections to middle proxies.");
        meter.CreateObservableUpDownCounter(
            "telemt.middle.sessions", () => ByCluster(middle, static it => it.Clients), "{session}", "Sessions by middle proxies now.");
        meter.CreateObservableCounter(
            "telemt.middle.fallbacks", () => middle.Status.Fallbacks, "{session}", "Sessions that went without their tag: no middle proxy was there.");
        meter.CreateObservableCounter(
            "telemt.middle.unserved", () => middle.Status.Unserved, "{session}", "Sessions that ended because no middle proxy was there.");
    }

    private static IEnumerable<Measurement<int>> ByCluster(MiddlePool middle, Func<MiddleClusterStatus, int> value) =>
        middle.Status.Clusters.Select(cluster => new Measurement<int>(value(cluster), new KeyValuePair<string, object?>("dc", (int)cluster.Dc)));

    private IEnumerable<Measurement<int>> ByUpstream(Func<UpstreamState, int> value) => _ledger.Upstreams.Where(upstream => !upstream.IsDraining)
        .Select(upstream => new Measurement<int>(value(upstream), new KeyValuePair<string, object?>("upstream", upstream.Settings.Name)));

    private IEnumerable<Measurement<int>> Paths() => EachPath().Select(way => new Measurement<int>(way.Path.Health.IsDown ? 0 : 1, way.Tags));

    private IEnumerable<Measurement<long>> MutePaths() => EachPath().Select(way => new Measurement<long>(way.Path.Mute, way.Tags));

    private IEnumerable<(PathState Path, KeyValuePair<string, object?>[] Tags)> EachPath()
    {
        var upstreams = _ledger.Upstreams;
        foreach (var (dc, target) in _ledger.Dcs.SelectMany(dc => dc.Ipv4First.Select(target => (dc.Index, target))).DistinctBy(it => it.target))
        {
            foreach (var upstream in upstreams.Where(upstream => !upstream.IsDraining))
            {
                if (upstream.FindPath(target) is { } path)
                {
                    yield return (
                        path,
                        [new("dc", (int)dc), new("upstream", upstream.Settings.Name), MetricTags.Family(target), new("address", target.ToString())]);
                }
            }
        }
    }
}
