using System.Globalization;
using Telemt.Bench.Load.Scenarios;

namespace Telemt.Bench.Load.Table;

/// <summary>From results to rows.</summary>
internal static class TableRows
{
    public static IEnumerable<TableRow> Of(TableGroup group, IReadOnlyList<Result> results) =>
        group.Goals.Select(goal => Of(goal, group.Scenario.Metrics[goal.Metric], results));

    private static TableRow Of(Goal goal, Metric metric, IReadOnlyList<Result> results)
    {
        var subject = results.Single(result => result.Case.Name == goal.Of);
        var reference = results.SingleOrDefault(result => result.Case.Name == goal.Than);
        var judged = goal.Judged(subject.Median(goal.Metric), reference?.Median(goal.Metric) ?? double.NaN);
        return new TableRow(
            goal.Measure,
            Figure(subject, goal.Metric, metric),
            reference is null ? "" : $"{goal.Than} {Figure(reference, goal.Metric, metric)}",
            goal.Bound switch
            {
                Bound.AtLeastTimes or Bound.AtMostTimes => $"{judged.ToString("F2", CultureInfo.InvariantCulture)} ×",
                Bound.AtMostMore => $"{judged.ToString("+0.#;-0.#;0", CultureInfo.InvariantCulture)} {metric.Unit}",
                _ => "",
            },
            goal.Demand(metric),
            Verdict(goal, judged, subject, reference),
            Cores(subject) + (reference is null ? "" : $"; {Cores(reference)}"));
    }

    private static string Verdict(Goal goal, double judged, Result subject, Result? reference)
    {
        if (subject.Failure is not null || reference?.Failure is not null)
        {
            return "failed";
        }

        return !subject.Counts || reference?.Counts == false ? "does not count" : goal.IsReached(judged) ? "reached" : "**missed**";
    }

    private static string Figure(Result result, int index, Metric metric)
    {
        var format = metric.Format.Replace('F', 'N');
        return $"{Text(result.Median(index))} {metric.Unit} ({Text(result.Lowest(index))} to {Text(result.Highest(index))})";

        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
    }

    private static string Cores(Result result) =>
        string.Create(CultureInfo.InvariantCulture, $"{result.TargetCores:F2}/{result.OwnCores:F2}");
}
