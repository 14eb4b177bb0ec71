using Telemt.Worker.Transport;

namespace Telemt.Worker.Dialing;

/// <summary>Error numbers of the system in words an operator knows.</summary>
internal static class Errno
{
    public static string Describe(int error) => error switch
    {
        Libc.ECONNREFUSED => "connection refused",
        Libc.ETIMEDOUT => "timed out",
        Libc.ENETUNREACH => "network unreachable",
        Libc.EHOSTUNREACH => "host unreachable",
        Libc.ECONNRESET => "connection reset",
        Libc.EADDRINUSE => "address in use",
        Libc.EADDRNOTAVAIL => "no such address on this host",
        Libc.EAFNOSUPPORT => "address family not supported by this host",
        Libc.EACCES or Libc.EPERM => "not permitted",
        Libc.ENODEV => "no such device",
        Libc.EMFILE or Libc.ENFILE => "no descriptor left",
        Libc.ENOMEM or Libc.ENOBUFS => "no memory left",
        _ => $"error {error}",
    };
}
