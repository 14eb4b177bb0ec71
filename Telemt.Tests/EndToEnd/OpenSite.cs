using System.Net;
using System.Net.Sockets;

namespace Telemt.Tests.EndToEnd;

/// <summary>A site behind the mask that does nothing of its own: the test plays its side of each connection.</summary>
internal sealed class OpenSite : IDisposable
{
    private readonly Socket _listener;

    /// <param name="at">Loopback at a port of the system's choice, else this: also the path of a unix socket.</param>
    public OpenSite(EndPoint? at = null)
    {
        EndPoint = at ?? new IPEndPoint(IPAddress.Loopback, 0);
        _listener = new Socket(EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(EndPoint);
        _listener.Listen();
        EndPoint = _listener.LocalEndPoint!;
    }

    public EndPoint EndPoint { get; }

    public string Port => ((IPEndPoint)EndPoint).Port.ToString();

    /// <summary>Nobody has come whom no test has met.</summary>
    public bool IsQuiet => !_listener.Poll(0, SelectMode.SelectRead);

    public ValueTask<Socket> AcceptAsync(CancellationToken cancellation) => _listener.AcceptAsync(cancellation);

    /// <summary>Ends the connections that nobody has met.</summary>
    public void TurnAway()
    {
        while (!IsQuiet)
        {
            _listener.Accept().Dispose();
        }
    }

    public void Dispose() => _listener.Dispose();
}
