using System.Net;
using System.Net.Sockets;
using Telemt.Core.Settings;

namespace Telemt.Worker.Links;

/// <summary>Finds the public addresses in the order of trust: what the operator says, what this host routes, what others see.</summary>
/// <param name="routed">The local address towards the internet, by family (<see cref="RoutedAddress.Find"/>).</param>
internal sealed class PublicAddressFinder(Func<AddressFamily, IPAddress?> routed, IAddressLookup lookup)
{
    /// <summary>What can be said at once, without a packet. IPv4 stays open behind address translation.</summary>
    public PublicAddresses FindHere(PublicAddressSettings settings) => settings switch
    {
        { Address: { AddressFamily: AddressFamily.InterNetwork } v4 } => new PublicAddresses(v4, null),
        { Address: { } v6 } => new PublicAddresses(null, v6),
        { LookupUrl: not null } => PublicAddresses.Unknown,
        _ => new PublicAddresses(Routed(AddressFamily.InterNetwork), Routed(AddressFamily.InterNetworkV6)),
    };

    /// <summary>True when somebody outside has to be asked: for a host with a public address of its own nobody has to.</summary>
    public static bool NeedsLookup(PublicAddressSettings settings, PublicAddresses here) => settings.Address is null && here.V4 is null;

    /// <returns><paramref name="here"/> completed, or as it was when nobody answered.</returns>
    public async Task<PublicAddresses> LookUpAsync(
        PublicAddressSettings settings,
        PublicAddresses here,
        CancellationToken cancellationToken)
    {
        var seen = await lookup.FindAsync(settings.LookupUrl, cancellationToken);
        return seen switch
        {
            null => here,
            { AddressFamily: AddressFamily.InterNetwork } => here with { V4 = seen },
            _ => here with { V6 = seen },
        };
    }

    private IPAddress? Routed(AddressFamily family) => routed(family) is { } address && PublicRange.Contains(address) ? address : null;
}
