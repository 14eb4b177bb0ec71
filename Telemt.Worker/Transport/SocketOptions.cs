using System.Net;
using System.Text;
using Telemt.Core.Settings;

namespace Telemt.Worker.Transport;

/// <summary>
/// Socket options. Those of client sockets are set on the listener: Linux hands them on to every accepted socket, which saves five
/// system calls a connection and lets an edit change them for new ones.
/// </summary>
internal static unsafe class SocketOptions
{
    private const int DialKeepaliveSeconds = 40;
    private const int KeepaliveProbes = 5;

    /// <summary>
    /// Bytes that wait in a client's socket beyond what its path takes. The kernel would let megabytes pile up: memory that no budget sees,
    /// and shares of a link that change seconds after they were set (64 streams at 100 Mbit/s: 8 MB with this, several times that without).
    /// </summary>
    private const int NotSent = 64 * 1024;

    public static void ForListener(int fd, TimeSpan keepalive, TimeSpan ackTimeout)
    {
        _ = Libc.SetOption(fd, Libc.IpProtoTcp, Libc.TcpNoDelay, 1);
        _ = Libc.SetOption(fd, Libc.IpProtoTcp, Libc.TcpNotSentLowWater, NotSent);
        Keepalive(fd, (int)keepalive.TotalSeconds);
        _ = Libc.SetOption(fd, Libc.IpProtoTcp, Libc.TcpUserTimeout, (int)Math.Min(int.MaxValue, ackTimeout.TotalMilliseconds));
    }

    /// <summary>
    /// For a client whose source nobody can hold back, a shared connection's: what the kernel takes at once does not count against his queue.
    /// </summary>
    public static void ForSharedSource(int fd) => _ = Libc.SetOption(fd, Libc.IpProtoTcp, Libc.TcpNotSentLowWater, -1);

    /// <summary>A socket of ours towards a DC or the mask host.</summary>
    public static void ForDial(int fd) => _ = Libc.SetOption(fd, Libc.IpProtoTcp, Libc.TcpNoDelay, 1);

    /// <summary>
    /// The C server's keepalive of 40 s x 5 (PROTOCOL E) for a dialled socket that lasts: four system calls that a short session does
    /// without (4 % of its CPU).
    /// </summary>
    public static void ForLongLife(int fd) => Keepalive(fd, DialKeepaliveSeconds);

    /// <summary>The next close sends RST.</summary>
    public static void LingerZero(int fd)
    {
        var linger = stackalloc int[2] { 1, 0 };
        _ = Libc.SetOption(fd, Libc.SolSocket, Libc.SoLinger, linger, 2 * sizeof(int));
    }

    /// <summary>0, or an errno.</summary>
    public static int BindToDevice(int fd, string device)
    {
        var name = Encoding.ASCII.GetBytes(device + '\0');
        fixed (byte* bytes = name)
        {
            return Libc.SetOption(fd, Libc.SolSocket, Libc.SoBindToDevice, bytes, name.Length) == 0 ? 0 : Libc.Errno;
        }
    }

    /// <summary>
    /// Binds a socket that is to connect. The port is chosen at the connect, by target: bound here, 28,000 sockets to whatever targets
    /// would use up the ports of an address. 0, or an errno.
    /// </summary>
    public static int Bind(int fd, LocalBinding binding)
    {
        if (binding.Device is { } device)
        {
            return BindToDevice(fd, device);
        }

        _ = Libc.SetOption(fd, Libc.IpProtoIp, Libc.IpBindAddressNoPort, 1);
        var address = new IPEndPoint(binding.Address!, 0).Serialize();
        fixed (byte* bytes = address.Buffer.Span)
        {
            return Libc.Bind(fd, bytes, address.Size) == 0 ? 0 : Libc.Errno;
        }
    }

    private static void Keepalive(int fd, int seconds)
    {
        if (seconds <= 0)
        {
            _ = Libc.SetOption(fd, Libc.SolSocket, Libc.SoKeepAlive, 0);
            return;
        }

        // The kernel takes at most 32767 seconds.
        seconds = Math.Min(seconds, short.MaxValue);
        _ = Libc.SetOption(fd, Libc.SolSocket, Libc.SoKeepAlive, 1);
        _ = Libc.SetOption(fd, Libc.IpProtoTcp, Libc.TcpKeepIdle, seconds);
        _ = Libc.SetOption(fd, Libc.IpProtoTcp, Libc.TcpKeepInterval, seconds);
        _ = Libc.SetOption(fd, Libc.IpProtoTcp, Libc.TcpKeepCount, KeepaliveProbes);
    }
}
