using System.Buffers.Binary;
using System.Net;

namespace Telemt.Core;

/// <summary>A peer's address in 24 bytes, without the objects that IPEndPoint makes for each of thousands of idle sessions.</summary>
internal readonly struct ClientAddress : IEquatable<ClientAddress>
{
    private const ulong MappedPrefix = 0xffff_0000_0000;

    private readonly ulong _high;
    private readonly ulong _low;

    /// <param name="address16">16 bytes in network order; IPv4 as ::ffff:a.b.c.d.</param>
    public ClientAddress(ReadOnlySpan<byte> address16, ushort port)
    {
        _high = BinaryPrimitives.ReadUInt64BigEndian(address16);
        _low = BinaryPrimitives.ReadUInt64BigEndian(address16[8..]);
        Port = port;
        IsKnown = true;
    }

    public ClientAddress(IPEndPoint endPoint)
    {
        Span<byte> bytes = stackalloc byte[16];
        endPoint.Address.MapToIPv6().TryWriteBytes(bytes, out _);
        this = new ClientAddress(bytes, (ushort)endPoint.Port);
    }

    /// <summary>False for the peer of a unix socket.</summary>
    public bool IsKnown { get; }

    public ushort Port { get; }

    public bool IsIpv4 => _high == 0 && _low >> 32 == MappedPrefix >> 32;

    /// <summary>The address as a number, IPv4 in its part of IPv6.</summary>
    public UInt128 Bits => new(_high, _low);

    /// <summary>What counts as one source: the whole IPv4 address, or the /64 of an IPv6 one.</summary>
    public ulong SourceKey => IsIpv4 ? _low : _high;

    /// <summary>Writes the 16 bytes in network order; IPv4 as ::ffff:a.b.c.d.</summary>
    public void WriteAddress(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _low);
    }

    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _low);
        return IsIpv4 ? new IPAddress(bytes[12..]) : new IPAddress(bytes);
    }

    public bool Equals(ClientAddress other) => _high == other._high && _low == other._low && Port == other.Port && IsKnown == other.IsKnown;

    public override bool Equals(object? obj) => obj is ClientAddress other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_high, _low, Port);

    public override string ToString() => IsKnown ? new IPEndPoint(ToIPAddress(), Port).ToString() : "local";
}
