using System.Net.Sockets;
using System.Text;

namespace Telemt.Tests.Fakes;

/// <summary>The service manager's end of sd_notify: a datagram unix socket, by path or abstract.</summary>
internal sealed class NotifySocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly string? _file;

    public NotifySocket(bool isAbstract = false)
    {
        var name = Path.Combine(Path.GetTempPath(), "telemt-notify-" + Guid.NewGuid().ToString("N"));
        _file = isAbstract ? null : name;
        Address = isAbstract ? "@" + name : name;
        _socket.Bind(new UnixDomainSocketEndPoint(isAbstract ? '\0' + name : name));
        _socket.ReceiveTimeout = 10_000;
    }

    /// <summary>As NOTIFY_SOCKET names it.</summary>
    public string Address { get; }

    /// <summary>True when a datagram waits.</summary>
    public bool HasMessage => _socket.Available > 0;

    public string Receive()
    {
        var buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, _socket.Receive(buffer));
    }

    public void Dispose()
    {
        _socket.Dispose();
        if (_file is not null)
        {
            File.Delete(_file);
        }
    }
}
