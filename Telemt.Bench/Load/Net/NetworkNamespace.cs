using Telemt.Worker.Transport;

namespace Telemt.Bench.Load.Net;

/// <summary>
/// A network of our own: loopback only, reno. On a host whose congestion control paces (bbr), pacing on loopback costs more than a relay
/// and hides every difference between relays.
/// </summary>
internal static unsafe class NetworkNamespace
{
    private const string CongestionControl = "/proc/sys/net/ipv4/tcp_congestion_control";
    private const string LocalPorts = "/proc/sys/net/ipv4/ip_local_port_range";
    private const string AcceptQueue = "/proc/sys/net/core/somaxconn";

    private const nuint GetInterfaceFlags = 0x8913;
    private const nuint SetInterfaceFlags = 0x8914;
    private const int RequestSize = 40;
    private const int FlagsOffset = 16;
    private const short InterfaceUp = 1;

    /// <summary>
    /// Moves the calling thread, and so every socket and child process that it makes from now on, into a new namespace. Must be the
    /// main thread: /proc/self shows that one's.
    /// </summary>
    /// <returns>A sentence on where the load runs, for the report.</returns>
    public static string Enter(string congestionControl)
    {
        if (Syscalls.Unshare(Syscalls.NewNetwork) != 0)
        {
            return $"host network, {CurrentCongestionControl()} (no right to make a network namespace: run as root, "
                + "or under `unshare --map-root-user --net`)";
        }

        RaiseLoopback();
        File.WriteAllText(CongestionControl, congestionControl);
        File.WriteAllText(LocalPorts, "1024 65535");
        File.WriteAllText(AcceptQueue, "65535");
        return $"own network namespace, {CurrentCongestionControl()}";
    }

    private static string CurrentCongestionControl() => File.ReadAllText(CongestionControl).Trim();

    private static void RaiseLoopback()
    {
        var request = stackalloc byte[RequestSize];
        new Span<byte>(request, RequestSize).Clear();
        "lo"u8.CopyTo(new Span<byte>(request, RequestSize));
        var fd = Libc.Socket(Libc.AfInet, Libc.SockStream | Libc.SockCloseOnExec, 0);
        try
        {
            if (Syscalls.DeviceControl(fd, GetInterfaceFlags, request) == 0)
            {
                *(short*)(request + FlagsOffset) |= InterfaceUp;
                if (Syscalls.DeviceControl(fd, SetInterfaceFlags, request) == 0)
                {
                    return;
                }
            }

            throw new InvalidOperationException($"loopback does not come up: errno {Libc.Errno}");
        }
        finally
        {
            _ = Libc.Close(fd);
        }
    }
}
