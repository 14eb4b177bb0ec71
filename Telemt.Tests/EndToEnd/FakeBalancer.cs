using System.Net;
using System.Net.Sockets;

namespace Telemt.Tests.EndToEnd;

/// <summary>Stands before the proxy as a balancer does: says a header, as one segment or byte by byte, and then passes all through.</summary>
internal sealed class FakeBalancer : IDisposable
{
    private readonly Socket _listener = Ports.Listening();
    private readonly CancellationTokenSource _end = new();
    private readonly int _proxyPort;
    private readonly byte[] _header;
    private readonly bool _inPieces;

    public FakeBalancer(int proxyPort, byte[] header, bool inPieces = false)
    {
        _proxyPort = proxyPort;
        _header = header;
        _inPieces = inPieces;
        _ = AcceptAsync();
    }

    public EndPoint EndPoint => _listener.LocalEndPoint!;

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptAsync(_end.Token));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The end of the test.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        using (var proxy = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true })
        {
            try
            {
                await proxy.ConnectAsync(IPAddress.Loopback, _proxyPort, _end.Token);
                for (var at = 0; at < _header.Length; at += _inPieces ? 1 : _header.Length)
                {
                    await proxy.SendAllAsync(_header.AsMemory(at, _inPieces ? 1 : _header.Length), _end.Token);
                    await Task.Yield();
                }

                await Task.WhenAll(PassAsync(client, proxy), PassAsync(proxy, client));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // One side is gone, and the other with it.
            }
        }
    }

    private async Task PassAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReceiveAsync(buffer, _end.Token) is > 0 and var count)
        {
            await to.SendAllAsync(buffer.AsMemory(0, count), _end.Token);
        }

        to.Shutdown(SocketShutdown.Send);
    }
}
