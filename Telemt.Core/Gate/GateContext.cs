using Telemt.Core.Fronting;
using Telemt.Core.Replay;
using Telemt.Core.Settings;

namespace Telemt.Core.Gate;

/// <summary>What all gates of one revision of the settings share. Immutable; its parts are safe for any thread.</summary>
internal sealed class GateContext
{
    public required ProxySettings Settings { get; init; }

    public required ReplayWindow Replay { get; init; }

    public required TimeProvider Clock { get; init; }

    public required IRandomSource Random { get; init; }

    public required IFlightProfiles Flights { get; init; }

    public Ja4Names Fingerprints { get; } = new();
}
