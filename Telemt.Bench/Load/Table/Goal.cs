using System.Globalization;
using Telemt.Bench.Load.Scenarios;

namespace Telemt.Bench.Load.Table;

/// <summary>A figure to reach.</summary>
/// <param name="Measure">In the words of the table.</param>
/// <param name="Of">The case that is judged.</param>
/// <param name="Metric">Which of the scenario's.</param>
/// <param name="Than">The case that it is compared with; empty for <see cref="Bound.AtMost"/>.</param>
internal sealed record Goal(string Measure, string Of, int Metric, Bound Bound, double Limit, string Than = "")
{
    /// <summary>What the bound is laid on: the ratio, the difference, or the figure itself.</summary>
    public double Judged(double figure, double reference) => Bound switch
    {
        Bound.AtLeastTimes or Bound.AtMostTimes => figure / reference,
        Bound.AtMostMore => figure - reference,
        _ => figure,
    };

    /// <summary>A figure that is not a number reaches nothing.</summary>
    public bool IsReached(double judged) => Bound == Bound.AtLeastTimes ? judged >= Limit : judged <= Limit;

    public string Demand(Metric metric)
    {
        var limit = Limit.ToString("0.##", CultureInfo.InvariantCulture);
        return Bound switch
        {
            Bound.AtLeastTimes => $"at least {limit} ×",
            Bound.AtMostTimes => $"at most {limit} ×",
            Bound.AtMostMore => $"at most {limit} {metric.Unit} more",
            _ => $"at most {limit} {metric.Unit}",
        };
    }
}
