using System.Net;
using System.Net.Sockets;
using Telemt.Core;
using Telemt.Core.Settings;

namespace Telemt.Worker.Logging;

/// <summary>
/// A client's address for a log line, no more of it than the operator allows. Made for each message, turned to text only when the
/// message is written.
/// </summary>
internal readonly record struct ClientAddressText(ClientAddress Address, ClientIps Show)
{
    private const int Ipv4PrefixBytes = 3;

    /// <summary>/48: what one site gets; /64 would still name a household.</summary>
    private const int Ipv6PrefixBytes = 6;

    public override string ToString() => Show switch
    {
        ClientIps.Full when Address.IsKnown => Address.ToIPAddress().ToString(),
        ClientIps.Prefix when Address.IsKnown => Prefix(Address.ToIPAddress()),
        _ => "-",
    };

    private static string Prefix(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        var kept = address.AddressFamily == AddressFamily.InterNetwork ? Ipv4PrefixBytes : Ipv6PrefixBytes;
        bytes[kept..length].Clear();
        return $"{new IPAddress(bytes[..length])}/{kept * 8}";
    }
}
