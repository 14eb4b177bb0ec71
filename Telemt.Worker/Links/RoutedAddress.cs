using System.Net;
using System.Net.Sockets;

namespace Telemt.Worker.Links;

/// <summary>The local address that a connection to the internet would leave from.</summary>
internal static class RoutedAddress
{
    // Any address of the internet serves: connecting a datagram socket asks the routing table and sends nothing. These are Telegram's.
    private static readonly IPEndPoint Ipv4Target = new(IPAddress.Parse("149.154.167.50"), 443);
    private static readonly IPEndPoint Ipv6Target = new(IPAddress.Parse("2001:67c:4e8:f002::a"), 443);

    /// <summary>Null when this host has no route for the family.</summary>
    public static IPAddress? Find(AddressFamily family)
    {
        try
        {
            using var socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(family == AddressFamily.InterNetwork ? Ipv4Target : Ipv6Target);
            return (socket.LocalEndPoint as IPEndPoint)?.Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
