using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Telemt.Tests.EndToEnd;

/// <summary>A web server on loopback that hands out bytes by path, with its clock in the Date header.</summary>
internal sealed class ListServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<string, byte[]> _answers = new();
    private readonly ConcurrentDictionary<string, int> _asked = new();

    public ListServer()
    {
        _listener.Start();
        _ = ServeAsync();
    }

    public byte[] this[string path]
    {
        set => _answers[path] = value;
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    public string Url(string path) => $"http://{EndPoint}{path}";

    public int Asked(string path) => _asked.GetValueOrDefault(path);

    public void Dispose() => _listener.Stop();

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync();
                _ = AnswerAsync(client);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                var stream = client.GetStream();
                using var reader = new StreamReader(stream);
                var path = (await reader.ReadLineAsync() ?? "").Split(' ')[1];
                while (await reader.ReadLineAsync() is { Length: > 0 })
                {
                }

                var found = _answers.TryGetValue(path, out var body);
                body ??= [];
                var head = $"HTTP/1.1 {(found ? "200 OK" : "404 Not Found")}\r\nDate: {TimeProvider.System.GetUtcNow():R}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n";
                await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. body]);
                _asked.AddOrUpdate(path, 1, (_, count) => count + 1);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or IndexOutOfRangeException)
        {
            // A client that went away.
        }
    }
}
