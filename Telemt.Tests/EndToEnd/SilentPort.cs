using System.Net;
using System.Net.Sockets;

namespace Telemt.Tests.EndToEnd;

/// <summary>A port that neither takes nor refuses a connection: its queue is full, so that the kernel drops what asks.</summary>
internal sealed class SilentPort : IDisposable
{
    private const int QueueAndMore = 4;

    private readonly List<Socket> _sockets = [];

    public SilentPort()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(listener);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        EndPoint = (IPEndPoint)listener.LocalEndPoint!;
        for (var i = 0; i < QueueAndMore; i++)
        {
            var filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            _sockets.Add(filler);
            try
            {
                filler.Connect(EndPoint);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // As meant.
            }
        }
    }

    public IPEndPoint EndPoint { get; }

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());
}
