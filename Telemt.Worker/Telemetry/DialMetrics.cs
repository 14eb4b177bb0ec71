using System.Diagnostics.Metrics;
using System.Net;
using Telemt.Core.Routing;

namespace Telemt.Worker.Telemetry;

/// <summary>How dials and probes fare; costs nothing while nobody reads.</summary>
internal sealed class DialMetrics
{
    private readonly HealthLedger _ledger;
    private readonly Histogram<double> _connect;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _probes;

    public DialMetrics(IMeterFactory meters, HealthLedger ledger)
    {
        _ledger = ledger;
        var meter = meters.Create(ProxyMetrics.MeterName);
        _connect = meter.CreateHistogram(
            "telemt.dial.duration", "s", "From the first attempt to a connection that can be used.", tags: null, Buckets.Network);
        _failures = meter.CreateCounter<long>("telemt.dial.failures", "{attempt}", "Attempts that came to nothing, by whose fault it was.");
        _probes = meter.CreateCounter<long>("telemt.probes", "{probe}", "Real questions to data centres, by result.");
    }

    public void Connected(RouteCandidate candidate, TimeSpan time)
    {
        if (_connect.Enabled && candidate.Path is not null)
        {
            _connect.Record(time.TotalSeconds, Dc(candidate.Target), MetricTags.Upstream(candidate), MetricTags.Family(candidate.Target));
        }
    }

    public void Failed(RouteCandidate candidate, DialFault fault)
    {
        if (_failures.Enabled && candidate.Path is not null)
        {
            _failures.Add(
                1, Dc(candidate.Target), MetricTags.Upstream(candidate), MetricTags.Family(candidate.Target), MetricTags.Of("cause", fault));
        }
    }

    public void Probed(RouteCandidate candidate, short dc, bool answered)
    {
        if (_probes.Enabled)
        {
            _probes.Add(
                1,
                new("dc", (int)dc),
                MetricTags.Upstream(candidate),
                MetricTags.Family(candidate.Target),
                new("result", answered ? "answered" : "failed"));
        }
    }

    /// <summary>The first that has this address.</summary>
    private KeyValuePair<string, object?> Dc(EndPoint target)
    {
        foreach (var dc in _ledger.Dcs)
        {
            if (dc.Ipv4First.Contains(target))
            {
                return new("dc", (int)dc.Index);
            }
        }

        return new("dc", 0);
    }
}
