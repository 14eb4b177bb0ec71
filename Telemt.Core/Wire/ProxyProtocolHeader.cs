using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Telemt.Core.Wire;

internal enum ProxyProtocolStatus : byte
{
    NeedMore,
    Malformed,
    Complete,
}

/// <summary>
/// What a balancer says in front of a connection about who made it (PROTOCOL H.3), version 1 or 2:
/// <code>
/// PROXY TCP4 192.0.2.1 198.51.100.2 56324 443 CR LF          a line of at most 107 bytes; UNKNOWN ... CR LF names nobody
///
/// 0                          12                13      14        16
/// | 0d0a0d0a000d0a515549540a | 2, command      | family | length | source, destination, ports; then TLVs
///                              20 local, 21 proxied  11 TCP4 (12 bytes), 21 TCP6 (36 bytes)
/// </code>
/// </summary>
internal readonly struct ProxyProtocolHeader
{
    /// <summary>Of version 1, with its end.</summary>
    public const int MaxLine = 107;

    /// <summary>Version 2 allows 64 KiB of TLVs. What balancers send stays far below this.</summary>
    public const int MaxLength = 4096;

    internal const int FixedSize = 16;
    internal const byte Version2Local = 0x20;
    internal const byte Version2Proxy = 0x21;
    internal const byte Tcp4 = 0x11;
    internal const byte Tcp6 = 0x21;
    internal const int Tcp4Size = 12;
    internal const int Tcp6Size = 36;

    private const int VersionOffset = 12;
    private const int FamilyOffset = 13;
    private const int LengthOffset = 14;
    private const int LastFamily = 3;
    private const int LastTransport = 2;

    private ProxyProtocolHeader(ProxyProtocolStatus status, int length = 0, ClientAddress? source = null)
    {
        Status = status;
        Length = length;
        Source = source;
    }

    public ProxyProtocolStatus Status { get; }

    /// <summary>With <see cref="ProxyProtocolStatus.Complete"/>: bytes of the header; what lies behind them is the client's.</summary>
    public int Length { get; }

    /// <summary>Who connected to the balancer; null when the header names nobody, and the socket's own peer stays.</summary>
    public ClientAddress? Source { get; }

    internal static ReadOnlySpan<byte> Signature => [0x0d, 0x0a, 0x0d, 0x0a, 0, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];

    private static ReadOnlySpan<byte> LineStart => "PROXY "u8;

    /// <summary>Looks at all bytes of the connection so far. What can be no header is malformed at the first byte that shows it.</summary>
    public static ProxyProtocolHeader Scan(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return new(ProxyProtocolStatus.NeedMore);
        }

        return bytes[0] == LineStart[0] ? ScanLine(bytes) : ScanBinary(bytes);
    }

    private static ProxyProtocolHeader ScanLine(ReadOnlySpan<byte> bytes)
    {
        var known = Math.Min(bytes.Length, LineStart.Length);
        if (!bytes[..known].SequenceEqual(LineStart[..known]))
        {
            return new(ProxyProtocolStatus.Malformed);
        }

        var line = bytes[..Math.Min(bytes.Length, MaxLine)];
        var end = line.IndexOf((byte)'\n');
        if (end < 0)
        {
            return new(line.Length == MaxLine ? ProxyProtocolStatus.Malformed : ProxyProtocolStatus.NeedMore);
        }

        if (line[end - 1] != '\r' || !TryReadFields(line[LineStart.Length..(end - 1)], out var source))
        {
            return new(ProxyProtocolStatus.Malformed);
        }

        return new(ProxyProtocolStatus.Complete, end + 1, source);
    }

    /// <param name="fields">TCP4 or TCP6, two addresses and two ports, a blank between each; or UNKNOWN and anything.</param>
    private static bool TryReadFields(ReadOnlySpan<byte> fields, out ClientAddress? source)
    {
        source = null;
        var text = Encoding.ASCII.GetString(fields).Split(' ');
        if (text[0] == "UNKNOWN")
        {
            return true;
        }

        var family = text[0] switch
        {
            "TCP4" => AddressFamily.InterNetwork,
            "TCP6" => AddressFamily.InterNetworkV6,
            _ => AddressFamily.Unspecified,
        };
        const int Fields = 5;
        if (text.Length != Fields
            || !TryReadAddress(text[1], family, out var from)
            || !TryReadAddress(text[2], family, out _)
            || !TryReadPort(text[3], out var port)
            || !TryReadPort(text[4], out _))
        {
            return false;
        }

        source = new ClientAddress(new IPEndPoint(from!, port));
        return true;
    }

    /// <summary>The platform also takes "1.2" and octal numbers for IPv4, and a zone behind IPv6.</summary>
    private static bool TryReadAddress(string text, AddressFamily family, out IPAddress? address) =>
        IPAddress.TryParse(text, out address)
        && address.AddressFamily == family
        && (family == AddressFamily.InterNetworkV6 ? !text.AsSpan().ContainsAny('%', '[') : address.ToString() == text);

    private static bool TryReadPort(string text, out ushort port) =>
        ushort.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out port)
        && (text.Length == 1 || text[0] != '0');

    private static ProxyProtocolHeader ScanBinary(ReadOnlySpan<byte> bytes)
    {
        var known = Math.Min(bytes.Length, Signature.Length);
        if (!bytes[..known].SequenceEqual(Signature[..known])
            || (bytes.Length > VersionOffset && bytes[VersionOffset] is not (Version2Local or Version2Proxy))
            || (bytes.Length > FamilyOffset && !IsFamily(bytes[FamilyOffset])))
        {
            return new(ProxyProtocolStatus.Malformed);
        }

        if (bytes.Length < FixedSize)
        {
            return new(ProxyProtocolStatus.NeedMore);
        }

        var isProxied = bytes[VersionOffset] == Version2Proxy;
        var rest = BinaryPrimitives.ReadUInt16BigEndian(bytes[LengthOffset..]);
        var length = FixedSize + rest;
        var least = !isProxied ? 0 : bytes[FamilyOffset] switch
        {
            Tcp4 => Tcp4Size,
            Tcp6 => Tcp6Size,
            _ => 0,
        };
        if (rest < least || length > MaxLength)
        {
            return new(ProxyProtocolStatus.Malformed);
        }

        if (bytes.Length < length)
        {
            return new(ProxyProtocolStatus.NeedMore);
        }

        return new(ProxyProtocolStatus.Complete, length, least == 0 ? null : ReadSource(bytes[FixedSize..length], isIpv4: least == Tcp4Size));
    }

    /// <summary>Unspecified, IPv4, IPv6 or unix, each unspecified, a stream or datagrams: all others are for later versions.</summary>
    private static bool IsFamily(byte family) => family >> 4 <= LastFamily && (family & 0xf) <= LastTransport;

    private static ClientAddress ReadSource(ReadOnlySpan<byte> block, bool isIpv4)
    {
        const int Ipv4Size = 4;
        const int Ipv6Size = 16;
        var size = isIpv4 ? Ipv4Size : Ipv6Size;
        var port = BinaryPrimitives.ReadUInt16BigEndian(block[(2 * size)..]);
        return new ClientAddress(new IPEndPoint(new IPAddress(block[..size]), port));
    }
}
