namespace Telemt.Worker.Fronting;

/// <summary>How a mask host is looked at: in turns, each with every offer once.</summary>
/// <param name="Turns">Of one look: so many lengths of a signature that its spread shows.</param>
/// <param name="QuickTurns">The first ones of a host that nothing is known of, without gaps: so many make a profile that can be used.</param>
/// <param name="Gap">About the time between two others.</param>
internal sealed record ProbePace(int Turns, int QuickTurns, TimeSpan Gap)
{
    public static ProbePace Usual { get; } = new(24, 4, TimeSpan.FromSeconds(1));
}
