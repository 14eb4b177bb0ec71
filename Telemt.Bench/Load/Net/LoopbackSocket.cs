using System.Buffers.Binary;
using Telemt.Worker.Transport;

namespace Telemt.Bench.Load.Net;

/// <summary>Non-blocking TCP sockets on 127.0.0.1; clients may come from all of 127.0.0.0/8.</summary>
internal static unsafe class LoopbackSocket
{
    private const int AddressSize = 16;
    private const int PortOffset = 2;
    private const int IpOffset = 4;
    private const int Backlog = 65_535;
    private const uint Host = 0x7f00_0001;

    /// <param name="port">0 lets the kernel choose: see <see cref="PortOf"/>.</param>
    public static int Listen(int port)
    {
        var fd = Create();
        _ = Libc.SetOption(fd, Libc.SolSocket, Libc.SoReuseAddr, 1);
        var address = stackalloc byte[AddressSize];
        Write(address, port);
        if (Libc.Bind(fd, address, AddressSize) != 0 || Libc.Listen(fd, Backlog) != 0)
        {
            throw new InvalidOperationException($"cannot listen on port {port}: errno {Libc.Errno}");
        }

        return fd;
    }

    public static int PortOf(int fd)
    {
        var address = stackalloc byte[AddressSize];
        var size = AddressSize;
        _ = Libc.LocalName(fd, address, &size);
        return BinaryPrimitives.ReadUInt16BigEndian(new ReadOnlySpan<byte>(address + PortOffset, sizeof(ushort)));
    }

    /// <summary>A port that nobody listens on now.</summary>
    public static int FreePort()
    {
        var fd = Listen(0);
        var port = PortOf(fd);
        _ = Libc.Close(fd);
        return port;
    }

    /// <summary>Begins to connect: writable once it is decided.</summary>
    /// <param name="source">Which of the clients' addresses it comes from, counted behind <see cref="Host"/>.</param>
    public static int Connect(int port, int source = 0)
    {
        var fd = Create();
        _ = Libc.SetOption(fd, Libc.IpProtoTcp, Libc.TcpNoDelay, 1);
        var address = stackalloc byte[AddressSize];
        if (source > 0)
        {
            Write(address, port: 0, Host + (uint)source);
            if (Libc.Bind(fd, address, AddressSize) != 0)
            {
                throw new InvalidOperationException($"bind: errno {Libc.Errno}");
            }
        }

        Write(address, port);
        if (Libc.Connect(fd, address, AddressSize) != 0 && Libc.Errno != Libc.EINPROGRESS)
        {
            throw new InvalidOperationException($"connect: errno {Libc.Errno}");
        }

        return fd;
    }

    /// <returns>-1 when nobody waits.</returns>
    public static int Accept(int listener)
    {
        var fd = Libc.Accept(listener, null, null, Libc.SockNonBlock | Libc.SockCloseOnExec);
        if (fd >= 0)
        {
            _ = Libc.SetOption(fd, Libc.IpProtoTcp, Libc.TcpNoDelay, 1);
        }

        return fd;
    }

    private static int Create()
    {
        var fd = Libc.Socket(Libc.AfInet, Libc.SockStream | Libc.SockNonBlock | Libc.SockCloseOnExec, 0);
        return fd >= 0 ? fd : throw new InvalidOperationException($"socket: errno {Libc.Errno} (raise the limit of open files?)");
    }

    private static void Write(byte* address, int port, uint ip = Host)
    {
        new Span<byte>(address, AddressSize).Clear();
        *(ushort*)address = Libc.AfInet;
        BinaryPrimitives.WriteUInt16BigEndian(new Span<byte>(address + PortOffset, sizeof(ushort)), (ushort)port);
        BinaryPrimitives.WriteUInt32BigEndian(new Span<byte>(address + IpOffset, sizeof(uint)), ip);
    }
}
