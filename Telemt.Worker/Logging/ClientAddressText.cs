using System.Net;
using System.Net.Sockets;
using Telemt.Core.Settings;

namespace Telemt.Worker.Logging;

/// <summary>
/// A client's address for a log line, no more of it than the operator allows. Made for each message, turned to text only when the
/// message is written.
/// </summary>
/// <param name="Address">Null stands for a client without one, such as behind a unix socket.</param>
internal readonly record struct ClientAddressText(IPAddress? Address, ClientIps Show)
{
    private const int Ipv4PrefixBytes = 3;

    /// <summary>/48: what one site gets; /64 would still name a household.</summary>
    private const int Ipv6PrefixBytes = 6;

    public override string ToString() => Show switch
    {
        ClientIps.Full => Plain?.ToString() ?? "-",
        ClientIps.Prefix => Plain is { } address ? Prefix(address) : "-",
        _ => "-",
    };

    private IPAddress? Plain => Address is { IsIPv4MappedToIPv6: true } ? Address.MapToIPv4() : Address;

    private static string Prefix(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        var kept = address.AddressFamily == AddressFamily.InterNetwork ? Ipv4PrefixBytes : Ipv6PrefixBytes;
        bytes[kept..length].Clear();
        return $"{new IPAddress(bytes[..length])}/{kept * 8}";
    }
}
