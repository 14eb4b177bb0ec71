using System.Net;
using System.Runtime.CompilerServices;
using Telemt.Core;
using Telemt.Core.Settings;

namespace Telemt.Worker.Transport;

/// <summary>
/// A connected (or connecting) stream socket on a loop, watched edge-triggered for its whole life: one epoll_ctl, no interest to
/// change when a side pauses, and no spinning on a hang-up that cannot be masked. What the edges said is kept in
/// <see cref="IsReadable"/> and <see cref="IsWritable"/>; a call that meets EAGAIN or moves less than it could clears them.
/// </summary>
internal sealed unsafe class LoopSocket(EventLoop loop, int fd) : LoopHandle(loop, fd)
{
    /// <summary>What TryReceive and TrySend return when there is nothing to move now.</summary>
    public const int WouldBlock = -1;

    /// <summary>What they return when the connection is broken; <see cref="Error"/> says how.</summary>
    public const int Broken = -2;

    private bool _peerEnded;

    public bool IsReadable { get; private set; }

    public bool IsWritable { get; private set; }

    /// <summary>errno of the call that found the connection broken, or 0.</summary>
    public int Error { get; private set; }

    public bool IsClosed => Fd < 0;

    /// <summary>The peer has ended its side or the connection broke, whether or not that was read yet.</summary>
    public bool PeerEnded => _peerEnded;

    /// <summary>The kernel has said that the connection is broken, whether or not a call has met it yet.</summary>
    public bool HasFailed { get; private set; }

    public ISocketOwner? Owner { get; set; }

    /// <summary>Payload bytes of a full segment towards the peer, as the kernel knows the way now; 0 where there are no segments.</summary>
    public int SegmentSize
    {
        get
        {
            int segment;
            var size = sizeof(int);
            return Libc.GetOption(Fd, Libc.IpProtoTcp, Libc.TcpMaxSegment, &segment, &size) == 0 ? segment : 0;
        }
    }

    /// <summary>Bytes that were sent and that the peer's TCP has not acknowledged; 0 when nobody says.</summary>
    public int Unacknowledged
    {
        get
        {
            int bytes;
            return Libc.DeviceControl(Fd, Libc.UnacknowledgedBytes, &bytes) == 0 ? bytes : 0;
        }
    }

    /// <summary>Takes over a descriptor that is open and non-blocking; null (and closed) when the loop cannot watch it.</summary>
    public static LoopSocket? Adopt(EventLoop loop, int fd)
    {
        var socket = new LoopSocket(loop, fd);
        if (loop.Watch(socket, Libc.EpollIn | Libc.EpollOut | Libc.EpollPeerHangUp | Libc.EpollEdge))
        {
            return socket;
        }

        _ = Libc.Close(fd);
        return null;
    }

    /// <summary>Begins to connect: the socket becomes writable, or breaks, when that is decided. Null with an errno if it cannot.</summary>
    public static LoopSocket? BeginConnect(EventLoop loop, EndPoint target, out int error) =>
        BeginConnect(loop, target, default, out error, out _);

    /// <param name="binding">A local address or device to come from, or neither.</param>
    /// <param name="isLocal">The error is about the binding: the target is not to blame.</param>
    public static LoopSocket? BeginConnect(EventLoop loop, EndPoint target, LocalBinding binding, out int error, out bool isLocal)
    {
        isLocal = false;
        var address = target.Serialize();
        var family = (int)address.Family switch
        {
            (int)System.Net.Sockets.AddressFamily.InterNetwork => Libc.AfInet,
            (int)System.Net.Sockets.AddressFamily.InterNetworkV6 => Libc.AfInet6,
            _ => Libc.AfUnix,
        };
        var fd = Libc.Socket(family, Libc.SockStream | Libc.SockNonBlock | Libc.SockCloseOnExec, 0);
        if (fd < 0)
        {
            error = Libc.Errno;
            return null;
        }

        if (fd >= loop.DescriptorCeiling)
        {
            _ = Libc.Close(fd);
            error = Libc.EMFILE;
            return null;
        }

        if (family != Libc.AfUnix)
        {
            SocketOptions.ForDial(fd);
        }

        error = binding.IsFree ? 0 : SocketOptions.Bind(fd, binding);
        if (error != 0)
        {
            _ = Libc.Close(fd);
            isLocal = true;
            return null;
        }

        fixed (byte* bytes = address.Buffer.Span)
        {
            error = Libc.Connect(fd, bytes, address.Size) == 0 ? 0 : Libc.Errno;
        }

        if (error is not (0 or Libc.EINPROGRESS))
        {
            _ = Libc.Close(fd);
            return null;
        }

        error = 0;
        var socket = Adopt(loop, fd);
        if (socket is null)
        {
            error = Libc.ENOMEM;
        }

        return socket;
    }

    /// <summary>Received bytes, 0 at the peer's end, <see cref="WouldBlock"/> or <see cref="Broken"/>.</summary>
    public int TryReceive(Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            return TryReceive(bytes, buffer.Length);
        }
    }

    public int TryReceive(byte* buffer, int size)
    {
        var received = (int)Libc.Receive(Fd, buffer, size, 0);
        if (received == 0 && Error != 0)
        {
            // The kernel tells of a reset once and then calls it an end; who reads on, a relay behind a handshake, is told again.
            return Broken;
        }

        if (received >= 0)
        {
            // Less than asked for: drained, unless the peer's end is still to be read.
            IsReadable = received == size || _peerEnded;
            return received;
        }

        return Failed(reading: true);
    }

    /// <summary>Sent bytes (fewer when the sink is full), <see cref="WouldBlock"/> or <see cref="Broken"/>.</summary>
    public int TrySend(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return TrySend(start, bytes.Length);
        }
    }

    public int TrySend(byte* bytes, int size)
    {
        var sent = (int)Libc.Send(Fd, bytes, size, Libc.MsgNoSignal);
        return Sent(sent, size);
    }

    /// <summary>One gathered send of several pieces.</summary>
    public int TrySend(Libc.IoVector* pieces, int count, int size)
    {
        var message = new Libc.MessageHeader { Vectors = pieces, VectorCount = count };
        var sent = (int)Libc.SendMessage(Fd, &message, Libc.MsgNoSignal);
        return Sent(sent, size);
    }

    /// <summary>Where the socket stands at our side; null once it is closed, or for a unix socket.</summary>
    public IPEndPoint? LocalEndPoint
    {
        get
        {
            const int Room = 128;
            var bytes = stackalloc byte[Room];
            var size = Room;
            if (Libc.LocalName(Fd, bytes, &size) != 0)
            {
                return null;
            }

            // sockaddr_in: family 2 | port 2 | address 4; sockaddr_in6: family 2 | port 2 | flow 4 | address 16.
            var port = (bytes[2] << 8) | bytes[3];
            return *(ushort*)bytes switch
            {
                Libc.AfInet => new IPEndPoint(new IPAddress(new ReadOnlySpan<byte>(bytes + 4, 4)), port),
                Libc.AfInet6 => new IPEndPoint(new IPAddress(new ReadOnlySpan<byte>(bytes + 8, 16)), port),
                _ => null,
            };
        }
    }

    /// <summary>
    /// Moves received bytes into a pipe: as <see cref="TryReceive(byte*, int)"/>. The pipe must be empty: in a full one the kernel says
    /// EAGAIN as it does for a drained socket. Fewer bytes than asked for may only mean that the pipe has no slot left.
    /// </summary>
    public int TrySpliceTo(int pipe, int size)
    {
        var moved = (int)Libc.Splice(Fd, 0, pipe, 0, size, Libc.SpliceMove | Libc.SpliceNonBlock);
        return moved > 0 ? moved : moved < 0 ? Failed(reading: true) : Error != 0 ? Broken : 0;
    }

    /// <summary>
    /// Sends bytes that a pipe holds: as <see cref="TrySend(byte*, int)"/>. The kernel goes on until the socket takes no more, so fewer
    /// bytes than asked for mean a full sink, whose next edge will come.
    /// </summary>
    public int TrySpliceFrom(int pipe, int size) =>
        Sent((int)Libc.Splice(pipe, 0, Fd, 0, size, Libc.SpliceMove | Libc.SpliceNonBlock), size);

    /// <summary>Ends our side (FIN); the peer may go on.</summary>
    public void ShutdownWrite()
    {
        if (Fd >= 0)
        {
            _ = Libc.Shutdown(Fd, Libc.ShutWrite);
        }
    }

    /// <summary>Our own end's address.</summary>
    public ClientAddress LocalAddress()
    {
        var address = stackalloc byte[SocketAddress.Room];
        var size = SocketAddress.Room;
        return Fd >= 0 && Libc.LocalName(Fd, address, &size) == 0 ? SocketAddress.Read(address) : default;
    }

    /// <summary>The last error was of the call, not of the connection.</summary>
    public void Forgive() => Error = 0;

    /// <summary>Takes as much as the kernel has room for, however little of it leaves.</summary>
    public void TakeAll() => SocketOptions.ForSharedSource(Fd);

    public void KeepAlive() => SocketOptions.ForLongLife(Fd);

    public void Close()
    {
        var fd = Fd;
        if (fd >= 0)
        {
            Fd = -1;
            Owner = null;
            Loop.Close(this, fd);
        }
    }

    /// <summary>Closes with RST.</summary>
    public void Abort()
    {
        if (Fd >= 0)
        {
            SocketOptions.LingerZero(Fd);
            Close();
        }
    }

    /// <summary>The errno that decided a connect, 0 for connected.</summary>
    public int TakeConnectError()
    {
        int error;
        var size = sizeof(int);
        return Libc.GetOption(Fd, Libc.SolSocket, Libc.SoError, &error, &size) == 0 ? error : Libc.Errno;
    }

    protected internal override void OnEvents(uint events)
    {
        if ((events & (Libc.EpollPeerHangUp | Libc.EpollHangUp | Libc.EpollError)) != 0)
        {
            _peerEnded = true;
            IsReadable = true;
        }

        HasFailed |= (events & Libc.EpollError) != 0;
        if ((events & Libc.EpollIn) != 0)
        {
            IsReadable = true;
        }

        if ((events & (Libc.EpollOut | Libc.EpollHangUp | Libc.EpollError)) != 0)
        {
            IsWritable = true;
        }

        Owner?.OnReady(this);
    }

    protected internal override void OnFault() => Owner?.OnFault(this);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Sent(int sent, int size)
    {
        if (sent == size)
        {
            return sent;
        }

        if (sent >= 0)
        {
            IsWritable = false;
            return sent;
        }

        return Failed(reading: false);
    }

    private int Failed(bool reading)
    {
        var error = Libc.Errno;
        if (error is Libc.EAGAIN or Libc.EINTR)
        {
            IsReadable &= !reading;
            IsWritable &= reading;
            return WouldBlock;
        }

        Error = error;
        return Broken;
    }
}
