using System.Text.Json;
using Telemt.Bench.Load.Scenarios;

namespace Telemt.Bench.Load.Report;

/// <summary>Every run with every number, for whoever wants to compute something else.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Form = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static void Write(string path, Surroundings surroundings, IEnumerable<Result> results) =>
        File.WriteAllText(path, JsonSerializer.Serialize(
            new
            {
                Surroundings = surroundings,
                Results = results.Select(result => new
                {
                    Scenario = result.Scenario.Name,
                    Case = result.Case.Name,
                    result.Counts,
                    result.Failure,
                    Metrics = result.Scenario.Metrics.Select((metric, i) => new
                    {
                        metric.Name,
                        metric.Unit,
                        Median = result.Median(i),
                        Runs = result.Samples.Select(sample => sample.Values[i]),
                    }),
                    Cores = result.Samples.Select(sample => new
                    {
                        Target = sample.Usage.TargetCores,
                        Generator = sample.Usage.OwnCores,
                        Others = sample.Usage.OtherCores,
                    }),
                }),
            },
            Form));
}
