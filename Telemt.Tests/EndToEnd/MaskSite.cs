using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Telemt.Tests.EndToEnd;

/// <summary>The site that strangers see: notes the first bytes of each connection, answers them with its name and ends, or keeps still.</summary>
internal sealed class MaskSite : IDisposable
{
    private readonly Socket _listener;
    private readonly ConcurrentDictionary<Socket, bool> _open = [];
    private readonly string _name;
    private readonly bool _ends;
    private int _connections;

    /// <param name="ends">False keeps the connection after the answer.</param>
    public MaskSite(string name = "a web site", bool ends = true, IPEndPoint? at = null)
    {
        _listener = Ports.Listening(at);
        _name = name;
        _ends = ends;
        _ = AcceptAsync();
    }

    public int Port => Ports.PortOf(_listener);

    public ConcurrentQueue<byte[]> Received { get; } = new();

    public int Connections => Volatile.Read(ref _connections);

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var socket in _open.Keys)
        {
            socket.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync();
                Interlocked.Increment(ref _connections);
                _open[socket] = true;
                _ = ServeAsync(socket);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            var count = await socket.ReceiveAsync(buffer);
            Received.Enqueue(buffer[..count]);
            if (count > 0)
            {
                await socket.SendAsync(Encoding.ASCII.GetBytes(_name));
            }

            if (_ends)
            {
                socket.Shutdown(SocketShutdown.Send);
            }

            // To the stranger's end: a close with bytes unread would be a reset.
            while (count > 0)
            {
                count = await socket.ReceiveAsync(buffer);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The stranger's own affair.
        }
        finally
        {
            _open.TryRemove(socket, out _);
            socket.Dispose();
        }
    }
}
