using System.Collections.Immutable;
using System.Net;

namespace Telemt.Core.Policy;

/// <summary>Networks in the form that a look-up wants: IPv4 as its part of IPv6 (::ffff:0:0/96). Immutable.</summary>
internal sealed class NetworkSet(ImmutableArray<IPNetwork> networks)
{
    private const int Bits = 128;
    private const int Ipv4Bits = 32;

    private readonly (UInt128 Base, UInt128 Mask)[] _networks = [.. networks.Select(Compile)];

    public static readonly NetworkSet None = new([]);

    public ImmutableArray<IPNetwork> Networks { get; } = networks;

    public bool IsEmpty => _networks.Length == 0;

    /// <summary>The peer of a unix socket has no address and is in none.</summary>
    public bool Contains(ClientAddress address)
    {
        if (!address.IsKnown)
        {
            return false;
        }

        foreach (var (start, mask) in _networks)
        {
            if ((address.Bits & mask) == start)
            {
                return true;
            }
        }

        return false;
    }

    private static (UInt128 Base, UInt128 Mask) Compile(IPNetwork network)
    {
        var start = new ClientAddress(new IPEndPoint(network.BaseAddress, 0));
        var length = network.PrefixLength + (start.IsIpv4 ? Bits - Ipv4Bits : 0);
        var mask = length == 0 ? UInt128.Zero : UInt128.MaxValue << (Bits - length);
        return (start.Bits & mask, mask);
    }
}
