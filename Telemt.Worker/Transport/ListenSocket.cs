using System.Net;
using Telemt.Core.Settings;

namespace Telemt.Worker.Transport;

/// <summary>Opens the sockets of a listener. Every failure is an errno that the caller puts into words.</summary>
internal static unsafe class ListenSocket
{
    private const int Backlog = 4096;

    /// <summary>
    /// Asks whether someone else listens there: SO_REUSEPORT would share the port with a second instance in silence, so a socket without
    /// it is bound first. 0 when free.
    /// </summary>
    public static int Probe(ListenerSettings listener)
    {
        if (listener.UnixPath is { } path)
        {
            return ProbeUnix(path);
        }

        var fd = Bound(listener, reusePort: false, out var error);
        if (fd >= 0)
        {
            _ = Libc.Close(fd);
        }

        return error;
    }

    /// <summary>A socket that nobody listens on is left over from a process that crashed: it goes, or no start would succeed again.</summary>
    private static int ProbeUnix(string path)
    {
        if (!IsSocket(path))
        {
            return 0;
        }

        var fd = Libc.Socket(Libc.AfUnix, Libc.SockStream | Libc.SockNonBlock | Libc.SockCloseOnExec, 0);
        var address = new System.Net.Sockets.UnixDomainSocketEndPoint(path).Serialize();
        fixed (byte* bytes = address.Buffer.Span)
        {
            var error = Libc.Connect(fd, bytes, address.Size) == 0 ? 0 : Libc.Errno;
            _ = Libc.Close(fd);
            if (error != Libc.ECONNREFUSED)
            {
                return Libc.EADDRINUSE;
            }
        }

        File.Delete(path);
        return 0;
    }

    private static bool IsSocket(string path)
    {
        var name = System.Text.Encoding.UTF8.GetBytes(path + '\0');
        Libc.FileStatus status;
        fixed (byte* bytes = name)
        {
            return Libc.Status(Libc.CurrentFolder, bytes, 0, Libc.StatusOfType, &status) == 0
                && (status.Mode & Libc.FileTypeMask) == Libc.FileTypeSocket;
        }
    }

    /// <returns>A listening, non-blocking descriptor, or -1 with the errno.</returns>
    public static int Open(ListenerSettings listener, ProxySettings settings, out int error)
    {
        var fd = Bound(listener, reusePort: true, out error);
        if (fd < 0)
        {
            return -1;
        }

        if (listener.UnixPath is null)
        {
            SocketOptions.ForListener(fd, settings.ClientKeepalive, settings.ClientAckTimeout);
        }

        if (Libc.Listen(fd, Backlog) == 0)
        {
            return fd;
        }

        error = Libc.Errno;
        _ = Libc.Close(fd);
        return -1;
    }

    /// <summary>Whether a descriptor that came from elsewhere is a listening socket.</summary>
    public static bool IsListening(int fd)
    {
        var listens = 0;
        var size = sizeof(int);
        return Libc.GetOption(fd, Libc.SolSocket, Libc.SoAcceptConnections, &listens, &size) == 0 && listens != 0;
    }

    private static int Bound(ListenerSettings listener, bool reusePort, out int error)
    {
        EndPoint endPoint = listener.UnixPath is { } path
            ? new System.Net.Sockets.UnixDomainSocketEndPoint(path)
            : new IPEndPoint(listener.Address!, listener.Port);
        var ipv6 = endPoint.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        var family = listener.UnixPath is not null ? Libc.AfUnix : ipv6 ? Libc.AfInet6 : Libc.AfInet;
        var fd = Libc.Socket(family, Libc.SockStream | Libc.SockNonBlock | Libc.SockCloseOnExec, 0);
        if (fd < 0)
        {
            error = Libc.Errno;
            return -1;
        }

        error = family == Libc.AfUnix ? 0 : Prepare(fd, listener, ipv6, reusePort);
        if (error == 0)
        {
            var address = endPoint.Serialize();
            fixed (byte* bytes = address.Buffer.Span)
            {
                error = Libc.Bind(fd, bytes, address.Size) == 0 ? 0 : Libc.Errno;
            }
        }

        if (error == 0)
        {
            return fd;
        }

        _ = Libc.Close(fd);
        return -1;
    }

    private static int Prepare(int fd, ListenerSettings listener, bool ipv6, bool reusePort)
    {
        _ = Libc.SetOption(fd, Libc.SolSocket, Libc.SoReuseAddr, 1);
        if (reusePort && Libc.SetOption(fd, Libc.SolSocket, Libc.SoReusePort, 1) != 0)
        {
            return Libc.Errno;
        }

        if (ipv6 && Libc.SetOption(fd, Libc.IpProtoIpv6, Libc.Ipv6Only, 1) != 0)
        {
            return Libc.Errno;
        }

        return listener.Interface is { } device ? SocketOptions.BindToDevice(fd, device) : 0;
    }
}
