using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Telemt.Tests.Worker.Links;

/// <summary>A web service on loopback that gives every caller the same answer.</summary>
internal sealed class FakeLookupSite : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly string _answer;
    private readonly Task _serving;
    private int _asked;

    public FakeLookupSite(string body, string status = "200 OK", string headers = "")
    {
        _answer = $"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n{headers}\r\n{body}";
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _serving = ServeAsync();
    }

    public Uri Url => new($"http://{_listener.LocalEndPoint}/");

    public int Asked => Volatile.Read(ref _asked);

    public void Dispose()
    {
        _listener.Dispose();
        _serving.Wait();
    }

    private async Task ServeAsync()
    {
        var request = new byte[4096];
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptAsync();
                Interlocked.Increment(ref _asked);
                await client.ReceiveAsync(request);
                await client.SendAsync(Encoding.ASCII.GetBytes(_answer));
                client.Shutdown(SocketShutdown.Send);
                await client.ReceiveAsync(request);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over, or the caller went away early.
        }
    }
}
