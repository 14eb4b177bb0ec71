using Telemt.Bench.Load.Scenarios;

namespace Telemt.Bench.Load.Report;

/// <summary>What `telemt-bench load` prints: each case a line, compared with the first.</summary>
internal static class TextReport
{
    public static void Write(TextWriter output, Scenario scenario, IReadOnlyList<Result> results)
    {
        output.WriteLine($"\n{scenario.Name}");
        for (var metric = 0; metric < scenario.Metrics.Count; metric++)
        {
            Write(output, scenario.Metrics[metric], metric, results);
        }

        output.WriteLine("  cores, median");
        foreach (var result in results)
        {
            var remark = result.Failure is not null ? "  FAILED: " + result.Failure.Split('\n')[0]
                : result.Counts ? ""
                : $"  does not count: target below {Result.LeastCores} of a core";
            output.WriteLine(
                $"    {result.Case.Name,-28} target {result.TargetCores:F2}  generator {result.OwnCores:F2}  others {result.OtherCores:F2}{remark}");
        }
    }

    private static void Write(TextWriter output, Metric metric, int index, IReadOnlyList<Result> results)
    {
        output.WriteLine($"  {metric.Name}{(metric.Unit.Length > 0 ? ", " + metric.Unit : "")}");
        var first = results[0].Median(index);
        foreach (var result in results)
        {
            var median = result.Median(index);
            var range = $"{result.Lowest(index).ToString(metric.Format)} to {result.Highest(index).ToString(metric.Format)}";
            output.WriteLine($"    {result.Case.Name,-28} {median.ToString(metric.Format),10}  ({range})  x {median / first:F2}");
        }
    }
}
