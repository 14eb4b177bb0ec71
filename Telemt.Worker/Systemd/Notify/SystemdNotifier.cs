using System.Net.Sockets;

namespace Telemt.Worker.Systemd.Notify;

/// <summary>Sends each message as one datagram to the unix socket that NOTIFY_SOCKET names; '@' stands for an abstract one's zero byte.</summary>
internal sealed class SystemdNotifier : ISystemdNotifier
{
    private const string Variable = "NOTIFY_SOCKET";

    /// <summary>A manager that does not read may hold us up this long, no longer.</summary>
    private const int SendTimeoutMilliseconds = 1000;

    private readonly string? _path;

    public SystemdNotifier()
        : this(Environment.GetEnvironmentVariable(Variable))
    {
    }

    internal SystemdNotifier(string? path) =>
        _path = path switch
        {
            null or "" => null,
            ['@', .. var name] => '\0' + name,
            _ => path,
        };

    public bool IsEnabled => _path is not null;

    public void Notify(ServiceState state)
    {
        if (_path is null)
        {
            return;
        }

        try
        {
            // A socket for each message: they are few, and a manager that was replaced is found again.
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTimeout = SendTimeoutMilliseconds;
            socket.Connect(new UnixDomainSocketEndPoint(_path));
            socket.Send(state.GetData());
        }
        catch (SocketException)
        {
            // Nobody listens: the proxy runs as well without being watched.
        }
    }
}
