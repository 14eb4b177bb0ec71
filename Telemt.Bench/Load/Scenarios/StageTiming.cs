namespace Telemt.Bench.Load.Scenarios;

/// <param name="Warmup">Before each measurement, not counted: the runtime's compiler settles, buffers grow.</param>
/// <param name="Measure">The measured window.</param>
internal sealed record StageTiming(TimeSpan Warmup, TimeSpan Measure)
{
    /// <summary>For connections to come about, or to go.</summary>
    public TimeSpan Patience { get; } = TimeSpan.FromSeconds(15);
}
