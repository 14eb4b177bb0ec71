using System.Text.Json;
using System.Text.RegularExpressions;
using Telemt.Tests.Fakes;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>Every query of deploy/grafana names metrics and labels that the exporter really sends, as OTLP's names become Prometheus's.</summary>
[Category("EndToEnd")]
[Platform("Linux")]
[CancelAfter(60_000)]
internal sealed partial class GrafanaTests
{
    /// <summary>Labels that come with the resource, and the one that buckets have.</summary>
    private static readonly string[] Always = ["service_name", "le"];

    [Test]
    public async Task Queries_OfDashboardAndAlerts_NameWhatIsSent(CancellationToken cancellation)
    {
        await using var collector = await OtlpReceiver.StartAsync(grpc: true);
        using var refusing = Ports.Refusing();
        await using var it = await MiddleFixture.StartAsync(toml => toml.Set(
            ("telemetry.endpoint", Text(collector.Endpoint)), ("telemetry.interval", "1"), ("health.interval", "1")));
        await it.EditAsync(("ad_tag", null), ("dc_overrides.5", Text(refusing.LocalEndPoint!)));
        Assert.That(await it.Proxy.ServesAsync(Form.Tls, dc: 3, cancellation: cancellation), "directly");
        Assert.That(await it.Proxy.ServesAsync(Form.Tls, dc: 5, cancellation: cancellation), Is.False);
        await it.EditAsync(("ad_tag", Text(MiddleFixture.Tag)));
        using var client = await it.EchoingAsync(Form.Tls, cancellation: cancellation);

        var queries = Dashboard().Concat(Alerts()).ToList();
        Assert.That(queries, Has.Count.GreaterThan(45));
        for (var rounds = 0; rounds < 10 && Problems(queries, collector).Any(); rounds++)
        {
            await collector.NextAsync(cancellation);
        }

        Assert.That(Problems(queries, collector), Is.Empty);
    }

    private static IEnumerable<string> Problems(List<(string Query, string Legend)> queries, OtlpReceiver collector)
    {
        var sent = Sent(collector);
        foreach (var (query, legend) in queries)
        {
            var labels = new HashSet<string>(Always);
            foreach (Match metric in Metric().Matches(query))
            {
                if (!sent.TryGetValue(metric.Value, out var own))
                {
                    yield return $"{metric.Value} of {query} is never sent";
                    continue;
                }

                labels.UnionWith(own);
            }

            var named = Matcher().Matches(query).Concat(InBraces().Matches(legend)).Select(match => match.Groups[1].Value)
                .Concat(By().Matches(query).SelectMany(match => match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)));
            foreach (var label in named.Except(labels))
            {
                yield return $"no metric of {query} has the label {label}";
            }
        }
    }

    /// <summary>By the rules of the OTLP to Prometheus translation: units and _total at the end, of a histogram three series.</summary>
    private static Dictionary<string, HashSet<string>> Sent(OtlpReceiver collector)
    {
        var sent = new Dictionary<string, HashSet<string>>();
        foreach (var point in collector.Points)
        {
            var unit = point.Unit switch { "s" => "_seconds", "By" => "_bytes", "1" when point.Kind == "gauge" => "_ratio", _ => "" };
            var name = point.Metric.Replace('.', '_') + unit + (point.Kind == "counter" ? "_total" : "");
            foreach (var ending in point.Kind == "histogram" ? (string[])["_bucket", "_sum", "_count"] : [""])
            {
                if (!sent.TryGetValue(name + ending, out var labels))
                {
                    sent.Add(name + ending, labels = []);
                }

                labels.UnionWith(point.Attributes.Keys.Select(key => key.Replace('.', '_')));
            }
        }

        return sent;
    }

    private static IEnumerable<(string Query, string Legend)> Dashboard()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(FileOf("telemt-dashboard.json")));
        foreach (var target in file.RootElement.GetProperty("panels").EnumerateArray()
            .Where(panel => panel.TryGetProperty("targets", out _))
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray()))
        {
            yield return (target.GetProperty("expr").GetString()!, target.GetProperty("legendFormat").GetString()!);
        }
    }

    private static IEnumerable<(string Query, string Legend)> Alerts() => File.ReadLines(FileOf("telemt-alerts.yaml"))
        .Where(line => line.TrimStart().StartsWith("expr:", StringComparison.Ordinal))
        .Select(line => (line.Trim()["expr:".Length..], ""));

    private static string FileOf(string name) => Path.Combine(TestContext.CurrentContext.TestDirectory, "Data", "grafana", name);

    [GeneratedRegex(@"\b(?:telemt|dotnet)_[a-z0-9_]+")]
    private static partial Regex Metric();

    [GeneratedRegex(@"(\w+)=~?""")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex InBraces();

    [GeneratedRegex(@"by \(([^)]*)\)")]
    private static partial Regex By();
}
