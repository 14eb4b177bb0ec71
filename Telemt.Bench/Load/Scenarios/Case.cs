using Telemt.Bench.Load.Targets;
using Telemt.Bench.Load.Traffic;

namespace Telemt.Bench.Load.Scenarios;

/// <summary>A target, and how the load's clients come to it.</summary>
internal sealed record Case(Target Target, LoadMode Mode)
{
    public string Name => Mode switch
    {
        LoadMode.Plain => Target.Name,
        LoadMode.Classic => $"{Target.Name} classic",
        LoadMode.Secure => $"{Target.Name} dd",
        _ => $"{Target.Name} ee",
    };
}
