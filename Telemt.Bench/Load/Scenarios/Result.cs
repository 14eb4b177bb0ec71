using Telemt.Bench.Load.Report;

namespace Telemt.Bench.Load.Scenarios;

/// <summary>All runs of one case in one scenario.</summary>
internal sealed class Result(Scenario scenario, Case of)
{
    /// <summary>A target that mostly waited was not what limited the load.</summary>
    public const double LeastCores = 0.6;

    public Scenario Scenario { get; } = scenario;

    public Case Case { get; } = of;

    public List<Sample> Samples { get; } = [];

    /// <summary>Why a run failed.</summary>
    public string? Failure { get; set; }

    public double TargetCores => Statistics.Median(Samples.Select(sample => sample.Usage.TargetCores));

    public double OwnCores => Statistics.Median(Samples.Select(sample => sample.Usage.OwnCores));

    public double OtherCores => Statistics.Median(Samples.Select(sample => sample.Usage.OtherCores));

    public bool Counts => Failure is null && Samples.Count > 0 && (!Scenario.NeedsBusyTarget || TargetCores >= LeastCores);

    public double Median(int metric) => Statistics.Median(Values(metric));

    public double Lowest(int metric) => Values(metric).DefaultIfEmpty(double.NaN).Min();

    public double Highest(int metric) => Values(metric).DefaultIfEmpty(double.NaN).Max();

    private IEnumerable<double> Values(int metric) => Samples.Select(sample => sample.Values[metric]);
}
