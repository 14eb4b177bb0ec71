namespace Telemt.Bench.Load.Targets;

/// <summary>CPU seconds within a window of so many seconds of the clock.</summary>
internal readonly record struct Usage(double Seconds, double TargetCpu, double OwnCpu, double OtherCpu)
{
    /// <summary>Cores' worth, as the next two.</summary>
    public double TargetCores => TargetCpu / Seconds;

    /// <summary>The generator is one thread: at 1 it has no headroom.</summary>
    public double OwnCores => OwnCpu / Seconds;

    /// <summary>Everybody else: what makes a run noisy.</summary>
    public double OtherCores => OtherCpu / Seconds;
}
