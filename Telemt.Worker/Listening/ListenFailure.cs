using Telemt.Core.Settings;
using Telemt.Worker.Dialing;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Listening;

/// <summary>A listener that cannot be opened, with what to do about it.</summary>
internal static class ListenFailure
{
    private const int FirstUnprivilegedPort = 1024;

    public static string Describe(ListenerSettings listener, int error)
    {
        var cure = error switch
        {
            Libc.EADDRINUSE =>
                $"another program listens there: find it with 'ss -ltnp sport = :{listener.Port}', stop it or choose another port",
            Libc.EACCES or Libc.EPERM when listener.Port is > 0 and < FirstUnprivilegedPort =>
                "ports below 1024 need a right: AmbientCapabilities=CAP_NET_BIND_SERVICE in the unit, or "
                + "'setcap cap_net_bind_service=+ep' on the program, or a port from 1024 up",
            Libc.EADDRNOTAVAIL => "no device of this host has that address: see 'ip address'",
            Libc.ENODEV => "no such device: see 'ip link'",
            Libc.EAFNOSUPPORT => "this host has no IPv6: leave the listener on :: out",
            Libc.EMFILE => "raise LimitNOFILE (or 'ulimit -n')",
            _ => "see the system's log",
        };
        return $"cannot listen on {listener.Identity}: {Errno.Describe(error)}; {cure}";
    }
}
