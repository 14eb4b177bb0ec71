using Telemt.Core.Wire;

namespace Telemt.Core.Fronting;

/// <summary>The profiles in force, by domain. Safe for any thread.</summary>
internal interface IFlightProfiles
{
    /// <param name="domain">The client's server name when it is one of ours; else null, for the first domain.</param>
    FlightProfile For(string? domain);

    /// <summary>An authentic client offered what the profile has no answer of the host's to: the host may be asked with the like.</summary>
    void OnUnknownOffer(string? domain, ReadOnlySpan<byte> record, in ClientHello hello);
}
