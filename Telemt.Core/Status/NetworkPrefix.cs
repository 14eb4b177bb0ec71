using System.Buffers.Binary;
using System.Net;

namespace Telemt.Core.Status;

/// <summary>The first bits of an address, for tables that tell networks apart.</summary>
/// <param name="Bits">The prefix as a number.</param>
/// <param name="Length">In bits; 0 stands for all that have no prefix of their own.</param>
internal readonly record struct NetworkPrefix(ulong Bits, byte Length, bool IsIpv4)
{
    /// <summary>Those that are not told apart.</summary>
    public static readonly NetworkPrefix Other;

    /// <summary>What tells providers apart and no person: IPv4 by /16, IPv6 by /32.</summary>
    public static NetworkPrefix OfProvider(ClientAddress address) => Of(address, 16, 32);

    /// <summary>What an operator would block: IPv4 by /24, IPv6 by /48, which is what one site gets.</summary>
    public static NetworkPrefix OfSite(ClientAddress address) => Of(address, 24, 48);

    public override string ToString()
    {
        if (this == Other)
        {
            return "other";
        }

        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Bits << (64 - Length));
        return $"{new IPAddress(bytes[..(IsIpv4 ? 4 : 16)])}/{Length}";
    }

    private static NetworkPrefix Of(ClientAddress address, byte ipv4, byte ipv6) =>
        !address.IsKnown ? Other
        : address.IsIpv4 ? new NetworkPrefix((ulong)(address.Bits & uint.MaxValue) >> (32 - ipv4), ipv4, IsIpv4: true)
        : new NetworkPrefix((ulong)(address.Bits >> (128 - ipv6)), ipv6, IsIpv4: false);
}
