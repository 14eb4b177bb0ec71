using Telemt.Core.Wire;

namespace Telemt.Core.Fronting;

/// <summary>One profile for everybody, for good.</summary>
internal sealed class FixedProfile(FlightProfile profile) : IFlightProfiles
{
    public FlightProfile For(string? domain) => profile;

    public void OnUnknownOffer(string? domain, ReadOnlySpan<byte> record, in ClientHello hello)
    {
        // There is nobody to ask.
    }
}
