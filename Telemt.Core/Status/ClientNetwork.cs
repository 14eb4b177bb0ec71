using System.Net;

namespace Telemt.Core.Status;

/// <summary>The part of an address that tells providers apart and no person: IPv4 by /16, IPv6 by /32.</summary>
/// <param name="Bits">The upper half of the address, IPv4 in its lower 16 bits; 0 stands for all that have none of their own.</param>
internal readonly record struct ClientNetwork(uint Bits, bool IsIpv4)
{
    private const int Ipv4Prefix = 16;
    private const int Ipv6Prefix = 32;

    /// <summary>Those that are not told apart.</summary>
    public static readonly ClientNetwork Other;

    public static ClientNetwork Of(ClientAddress address) =>
        !address.IsKnown ? Other
        : address.IsIpv4 ? new ClientNetwork((uint)(address.Bits >> Ipv4Prefix) & 0xffff, IsIpv4: true)
        : new ClientNetwork((uint)(address.Bits >> (128 - Ipv6Prefix)), IsIpv4: false);

    public override string ToString()
    {
        if (this == Other)
        {
            return "other";
        }

        Span<byte> bytes = stackalloc byte[IsIpv4 ? 4 : 16];
        bytes.Clear();
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, IsIpv4 ? Bits << Ipv4Prefix : Bits);
        return $"{new IPAddress(bytes)}/{(IsIpv4 ? Ipv4Prefix : Ipv6Prefix)}";
    }
}
