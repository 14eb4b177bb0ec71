using System.Collections.Immutable;
using Telemt.Worker.Sessions;

namespace Telemt.Worker.Control.Status;

/// <summary>The whole process at one moment: what is there now, and totals since the start.</summary>
internal sealed record StatusSample
{
    /// <summary>Counts up with each sample.</summary>
    public required long Version { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>For differences: the clock that nobody sets.</summary>
    public required long Timestamp { get; init; }

    public required int Clients { get; init; }
    public required int Handshakes { get; init; }
    public required int Handed { get; init; }

    /// <summary>Sums over the loops; those that did not answer are missing in it.</summary>
    public required LoopSample Total { get; init; }

    /// <summary>In the order of <see cref="Core.Gate.Refusal"/>, None left out.</summary>
    public required ImmutableArray<long> Refusals { get; init; }

    /// <summary>In the order of <see cref="SessionEnd"/>, None left out.</summary>
    public required ImmutableArray<long> Ends { get; init; }

    /// <summary>Loops that have not answered for two seconds.</summary>
    public required int StuckLoops { get; init; }

    /// <summary>Per second since the sample before.</summary>
    public required Rates Rates { get; init; }

    public long Refused => Refusals.Sum();

    /// <summary>Sessions whose DC could not be reached.</summary>
    public long UnreachableDcs => Ends[(int)SessionEnd.DcUnreachable - 1];
}

/// <summary>Changes per second.</summary>
internal readonly record struct Rates(double Up, double Down, double Admitted, double Refused, double Unreachable)
{
    public static Rates Between(StatusSample before, StatusSample after, TimeSpan time)
    {
        var seconds = Math.Max(time.TotalSeconds, 0.001);
        return new(
            Of(after.Total.Up - before.Total.Up),
            Of(after.Total.Down - before.Total.Down),
            Of(after.Total.Admitted - before.Total.Admitted),
            Of(after.Refused - before.Refused),
            Of(after.UnreachableDcs - before.UnreachableDcs));

        // A loop that is stuck is missing in the later sum.
        double Of(long change) => Math.Max(0, change) / seconds;
    }
}
