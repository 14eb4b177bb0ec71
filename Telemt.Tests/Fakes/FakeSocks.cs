using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Telemt.Tests.Fakes;

/// <summary>
/// A SOCKS server of versions 4, 4a and 5 on loopback, written from the RFCs and not from our client. Names lead to loopback. Bytes are
/// handed through both ways.
/// </summary>
internal sealed class FakeSocks : IDisposable
{
    private readonly Socket _listener;
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private long _accepted;

    public FakeSocks(IPEndPoint? at = null)
    {
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(at ?? new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _ = AcceptAsync();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Of SOCKS5; null takes everybody.</summary>
    public (string User, string Password)? Login { get; init; }

    /// <summary>Answered to every request instead of a connection; of SOCKS5 its code.</summary>
    public byte Refusal { get; init; }

    /// <summary>Says in SOCKS5 which address it goes out by; false as servers do that keep it to themselves.</summary>
    public bool TellsBound { get; init; } = true;

    /// <summary>Takes connections and never says a word.</summary>
    public bool IsMute { get; init; }

    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>"5 127.0.0.1:443" or "4 user 127.0.0.1:443", in order.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

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
                var client = await _listener.AcceptAsync();
                Interlocked.Increment(ref _accepted);
                client.NoDelay = true;
                _open[client] = true;
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _open[server] = true;
        try
        {
            if (!IsMute && await HelloAsync(client, server))
            {
                await Task.WhenAll(PumpAsync(client, server), PumpAsync(server, client));
            }
            else if (IsMute)
            {
                await client.ReceiveAsync(new byte[1], SocketFlags.Peek);
                await Task.Delay(Timeout.Infinite);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or EndOfStreamException)
        {
            // One side is gone: the other goes too.
        }

        client.Dispose();
    }

    private async Task<bool> HelloAsync(Socket client, Socket server) => (await ReadAsync(client, 1))[0] switch
    {
        5 => await Hello5Async(client, server),
        4 => await Hello4Async(client, server),
        _ => false,
    };

    private async Task<bool> Hello5Async(Socket client, Socket server)
    {
        var methods = await ReadAsync(client, (await ReadAsync(client, 1))[0]);
        var wanted = Login is null ? (byte)0 : (byte)2;
        if (!methods.Contains(wanted))
        {
            await client.SendAsync(new byte[] { 5, 0xff });
            return false;
        }

        await client.SendAsync(new byte[] { 5, wanted });
        if (Login is { } login)
        {
            await ReadAsync(client, 1);
            var user = Encoding.UTF8.GetString(await ReadAsync(client, (await ReadAsync(client, 1))[0]));
            var password = Encoding.UTF8.GetString(await ReadAsync(client, (await ReadAsync(client, 1))[0]));
            var isKnown = (user, password) == login;
            await client.SendAsync(new byte[] { 1, isKnown ? (byte)0 : (byte)1 });
            if (!isKnown)
            {
                return false;
            }
        }

        var head = await ReadAsync(client, 4);
        var host = head[3] switch
        {
            1 => new IPAddress(await ReadAsync(client, 4)).ToString(),
            4 => new IPAddress(await ReadAsync(client, 16)).ToString(),
            _ => Encoding.ASCII.GetString(await ReadAsync(client, (await ReadAsync(client, 1))[0])),
        };
        var port = await ReadPortAsync(client);
        _asked.Enqueue($"5 {host}:{port}");
        var code = Refusal != 0 ? Refusal : await ReachAsync(server, host, port) ? (byte)0 : (byte)5;
        var bound = TellsBound && code == 0 ? (IPEndPoint)server.LocalEndPoint! : new IPEndPoint(IPAddress.Any, 0);
        await client.SendAsync((byte[])[5, code, 0, 1, .. bound.Address.MapToIPv4().GetAddressBytes(), (byte)(bound.Port >> 8), (byte)bound.Port]);
        return code == 0;
    }

    private async Task<bool> Hello4Async(Socket client, Socket server)
    {
        await ReadAsync(client, 1);
        var port = await ReadPortAsync(client);
        var ip = await ReadAsync(client, 4);
        var user = await ReadTextAsync(client);
        var host = ip is [0, 0, 0, not 0] ? await ReadTextAsync(client) : new IPAddress(ip).ToString();
        _asked.Enqueue($"4 {user} {host}:{port}");
        var granted = Refusal == 0 && await ReachAsync(server, host, port);
        await client.SendAsync(new byte[] { 0, granted ? (byte)0x5a : (byte)0x5b, 0, 0, 0, 0, 0, 0 });
        return granted;
    }

    private static async Task<bool> ReachAsync(Socket server, string host, int port)
    {
        try
        {
            await server.ConnectAsync(IPAddress.TryParse(host, out var ip) ? ip : IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            from.Dispose();
            to.Dispose();
            throw;
        }
    }

    private static async Task<int> ReadPortAsync(Socket socket)
    {
        var bytes = await ReadAsync(socket, 2);
        return (bytes[0] << 8) | bytes[1];
    }

    private static async Task<string> ReadTextAsync(Socket socket)
    {
        var text = new StringBuilder();
        while ((await ReadAsync(socket, 1))[0] is not 0 and var letter)
        {
            text.Append((char)letter);
        }

        return text.ToString();
    }

    private static async Task<byte[]> ReadAsync(Socket socket, int count)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count;)
        {
            var read = await socket.ReceiveAsync(bytes.AsMemory(at));
            at += read > 0 ? read : throw new EndOfStreamException();
        }

        return bytes;
    }
}
