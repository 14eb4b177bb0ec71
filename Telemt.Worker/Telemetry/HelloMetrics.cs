using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Telemt.Core.Status;

namespace Telemt.Worker.Telemetry;

/// <summary>
/// Hellos by their fingerprint. Strangers choose those, so only the first that come get a series of their own, for as long as the
/// process runs; all later ones are "other".
/// </summary>
internal sealed class HelloMetrics : IHostedService
{
    public const int MostSeries = 50;

    private readonly HashSet<string> _accepted = [];
    private readonly HashSet<string> _refused = [];

    public HelloMetrics(IMeterFactory meters, LoopReader loops) => meters.Create(ProxyMetrics.MeterName).CreateObservableCounter(
        "telemt.hellos",
        () => Measure(loops.Strangers.SelectMany(loop => loop.Accepted.Rows), _accepted, "accepted")
            .Concat(Measure(loops.Strangers.SelectMany(loop => loop.Refused.Rows), _refused, "refused")),
        "{hello}",
        "Whole ClientHellos by JA4, and whether they were answered as a client's.");

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static IEnumerable<Measurement<long>> Measure(
        IEnumerable<KeyValuePair<string, CountTable<string>.Row>> rows, HashSet<string> known, string outcome)
    {
        var sums = new Dictionary<string, long>();
        lock (known)
        {
            foreach (var (print, row) in rows.OrderByDescending(row => row.Value.Count))
            {
                var isOwn = known.Contains(print) || (known.Count < MostSeries && known.Add(print));
                var name = isOwn ? print : StrangerReport.OtherHellos;
                sums[name] = sums.GetValueOrDefault(name) + row.Count;
            }
        }

        return sums.Select(sum => new Measurement<long>(
            sum.Value, new KeyValuePair<string, object?>("ja4", sum.Key), new KeyValuePair<string, object?>("outcome", outcome)));
    }
}
