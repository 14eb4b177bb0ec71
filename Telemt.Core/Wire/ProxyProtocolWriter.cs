using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;

namespace Telemt.Core.Wire;

/// <summary>The header of <see cref="ProxyProtocolHeader"/>, written: what we tell the mask host about who connected to us.</summary>
internal static class ProxyProtocolWriter
{
    private const int Ipv4Size = 4;
    private const int Ipv6Size = 16;

    /// <param name="version">1 or 2.</param>
    /// <param name="source">The client; the peer of a unix socket is nobody.</param>
    /// <param name="destination">Where it connected to.</param>
    public static byte[] Write(int version, ClientAddress source, ClientAddress destination)
    {
        Debug.Assert(version is 1 or 2);
        return version == 1 ? Line(source, destination) : Binary(source, destination);
    }

    private static byte[] Line(ClientAddress source, ClientAddress destination)
    {
        if (!source.IsKnown || !destination.IsKnown)
        {
            return "PROXY UNKNOWN\r\n"u8.ToArray();
        }

        var isIpv4 = source.IsIpv4 && destination.IsIpv4;
        return Encoding.ASCII.GetBytes(
            $"PROXY {(isIpv4 ? "TCP4" : "TCP6")} {Text(source)} {Text(destination)} {source.Port} {destination.Port}\r\n");

        string Text(ClientAddress address) => (isIpv4 ? address.ToIPAddress() : address.ToIPAddress().MapToIPv6()).ToString();
    }

    private static byte[] Binary(ClientAddress source, ClientAddress destination)
    {
        var isKnown = source.IsKnown && destination.IsKnown;
        var isIpv4 = source.IsIpv4 && destination.IsIpv4;
        var rest = !isKnown ? 0 : isIpv4 ? ProxyProtocolHeader.Tcp4Size : ProxyProtocolHeader.Tcp6Size;
        var header = new byte[ProxyProtocolHeader.FixedSize + rest];
        ProxyProtocolHeader.Signature.CopyTo(header);
        var at = ProxyProtocolHeader.Signature.Length;
        header[at++] = ProxyProtocolHeader.Version2Proxy;
        header[at++] = !isKnown ? (byte)0 : isIpv4 ? ProxyProtocolHeader.Tcp4 : ProxyProtocolHeader.Tcp6;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(at), (ushort)rest);
        if (isKnown)
        {
            var size = isIpv4 ? Ipv4Size : Ipv6Size;
            var block = header.AsSpan(ProxyProtocolHeader.FixedSize);
            WriteAddress(source, block[..size]);
            WriteAddress(destination, block.Slice(size, size));
            BinaryPrimitives.WriteUInt16BigEndian(block[(2 * size)..], source.Port);
            BinaryPrimitives.WriteUInt16BigEndian(block[((2 * size) + sizeof(ushort))..], destination.Port);
        }

        return header;
    }

    private static void WriteAddress(ClientAddress address, Span<byte> target)
    {
        Span<byte> bytes = stackalloc byte[Ipv6Size];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, address.Bits);
        bytes[^target.Length..].CopyTo(target);
    }
}
