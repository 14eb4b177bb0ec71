using Telemt.Bench.Load.Targets;
using Telemt.Bench.Load.Traffic;

namespace Telemt.Bench.Load.Scenarios;

/// <summary>One kind of load.</summary>
internal abstract class Scenario
{
    public abstract string Name { get; }

    /// <summary>The first is the one that counts.</summary>
    public abstract IReadOnlyList<Metric> Metrics { get; }

    /// <summary>Whether a run in which the target was mostly waiting says nothing.</summary>
    public virtual bool NeedsBusyTarget => false;

    /// <summary>Runs once against a target that was started for it. The caller clears the stage afterwards.</summary>
    /// <exception cref="TargetException">The target does not do its part.</exception>
    public abstract Sample Measure(Stage stage, RunningTarget target, Opening opening);

    /// <summary>Lets the load run until something is so, and complains when it never is.</summary>
    protected static void Await(Stage stage, Tally tally, string what, Func<bool> done)
    {
        if (!stage.Poller.Run(stage.Timing.Patience, done))
        {
            throw new TargetException(
                $"{what}: not after {stage.Timing.Patience.TotalSeconds} s ({tally.Opened} open, {tally.AtDc} at the DC, {tally.Broken} broken)");
        }
    }

    protected static void RefuseBroken(Tally tally, double share, long of)
    {
        if (tally.Broken > of * share)
        {
            throw new TargetException($"{tally.Broken} connections of {of} were broken off");
        }
    }
}
