using System.Net;
using System.Net.Sockets;

namespace Telemt.Tests.EndToEnd;

/// <summary>Ports of loopback that do what a test needs.</summary>
internal static class Ports
{
    // Below the ports that the system hands out: of the thousands of connections of these tests none takes one of them.
    private const int First = 12_000;
    private const int Last = 30_000;

    /// <summary>Nobody listens there, and nobody will.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            using var v4 = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            using var v6 = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = false };
            if (TryBind(v4, IPAddress.Any, port) && (!Socket.OSSupportsIPv6 || TryBind(v6, IPAddress.IPv6Any, port)))
            {
                return port;
            }
        }
    }

    /// <summary>Refuses connections for as long as it is kept.</summary>
    public static Socket Refusing()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    public static Socket Listening(IPEndPoint? at = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(at ?? new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return socket;
    }

    public static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    private static bool TryBind(Socket socket, IPAddress address, int port)
    {
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
