using System.Collections.Immutable;
using System.Net;

namespace Telemt.Core.Routing;

/// <summary>The ways to one data centre.</summary>
/// <param name="Index">What the outgoing header names: the client's own index, or the default's for an index that no table knows.</param>
/// <param name="Ipv4First">Addresses in the order in which they are tried; IPv4 and host names before IPv6.</param>
/// <param name="Ipv6First">The same addresses with IPv6 first.</param>
internal sealed record DcRoute(short Index, ImmutableArray<EndPoint> Ipv4First, ImmutableArray<EndPoint> Ipv6First)
{
    public ImmutableArray<EndPoint> Candidates(bool preferIpv6) => preferIpv6 ? Ipv6First : Ipv4First;
}
