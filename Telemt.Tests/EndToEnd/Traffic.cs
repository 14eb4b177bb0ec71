using System.Net;
using System.Net.Sockets;
using System.Text;
using Telemt.Worker.Selftest;
using Telemt.Worker.Sessions;

namespace Telemt.Tests.EndToEnd;

/// <summary>What clients and strangers do, in the words of the tests.</summary>
internal static class Traffic
{
    private const int LargestWriteBits = 17;
    public const int Short = 200;

    /// <summary>Tells the DC what to do with all that follows.</summary>
    public static Task AskAsync(this ClientConnection client, FakeMode mode, long argument = 0, CancellationToken cancellation = default) =>
        client.SendFrameAsync(new FakeCommand(mode, argument).ToPayload(), cancellation);

    /// <summary>Sends so many bytes in writes of seeded sizes to a DC that echoes, and checks each one that comes back.</summary>
    /// <param name="from">Bytes that went before.</param>
    public static async Task EchoAsync(
        this ClientConnection client, long length, int seed = 1, long from = 0, CancellationToken cancellation = default)
    {
        var sending = client.PushAsync(length, seed, from, cancellation);
        await client.ExpectAsync(length, from, cancellation);
        await sending;
    }

    /// <summary>Sends so many bytes in writes of seeded sizes.</summary>
    public static async Task PushAsync(
        this ClientConnection client, long length, int seed = 1, long from = 0, CancellationToken cancellation = default)
    {
        // The receiver of the same test must not wait for the sender's processor.
        await Task.Yield();
        var random = new Random(seed);
        var buffer = new byte[1 << LargestWriteBits];
        for (var at = from; at < from + length;)
        {
            var size = (int)Math.Min(random.NextInt64(1, 1L << random.Next(1, LargestWriteBits + 1)), from + length - at);
            BytePattern.Fill(buffer.AsSpan(0, size), at);
            await client.SendAsync(buffer.AsMemory(0, size), cancellation);
            at += size;
        }
    }

    /// <summary>Receives so many bytes and checks each.</summary>
    public static async Task ExpectAsync(this ClientConnection client, long length, long from = 0, CancellationToken cancellation = default)
    {
        var buffer = new byte[256 * 1024];
        for (var at = from; at < from + length;)
        {
            var count = await client.ReceiveAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, from + length - at)), cancellation);
            Assert.That(count, Is.Positive, $"the stream ended after {at} bytes");
            Assert.That(BytePattern.FindDifference(buffer.AsSpan(0, count), at), Is.EqualTo(-1), "the first byte that is another");
            at += count;
        }
    }

    /// <summary>How the stream ends from here: false by FIN, true by RST; what comes before is discarded.</summary>
    public static async Task<bool> EndsByResetAsync(this Socket socket, CancellationToken cancellation = default)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer, cancellation) > 0)
            {
            }

            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset)
        {
            return true;
        }
    }

    public static void Reset(this Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    /// <summary>A client with a DC that echoes, its first bytes back and checked.</summary>
    public static async Task<ClientConnection> EchoingAsync(
        this ProxyFixture proxy, Form form, short dc = 2, string user = "tele", int? port = null, CancellationToken cancellation = default)
    {
        var client = await proxy.ConnectAsync(form, dc, user, port, cancellation: cancellation);
        await client.AskAsync(FakeMode.Echo, cancellation: cancellation);
        await client.EchoAsync(Short, cancellation: cancellation);
        return client;
    }

    /// <summary>Goes on with what <see cref="EchoingAsync"/> began.</summary>
    /// <param name="from">Bytes that went since then.</param>
    public static Task EchoMoreAsync(
        this ClientConnection client, long length = Short, int seed = 1, long from = 0, CancellationToken cancellation = default) =>
        client.EchoAsync(length, seed, Short + from, cancellation);

    /// <summary>Whether such a client gets through to the DC and back.</summary>
    public static async Task<bool> ServesAsync(
        this ProxyFixture proxy, Form form, short dc = 2, string user = "tele", int? port = null, string domain = ProxyFixture.Domain,
        EndPoint? at = null, TimeProvider? clock = null, CancellationToken cancellation = default)
    {
        try
        {
            using var client = await proxy.ConnectAsync(form, dc, user, port, domain, at, clock, cancellation);
            await client.AskAsync(FakeMode.Echo, cancellation: cancellation);
            var bytes = new byte[Short];
            BytePattern.Fill(bytes, 0);
            await client.SendAsync(bytes, cancellation);
            return (await client.ReceiveExactlyAsync(Short, cancellation)).AsSpan().SequenceEqual(bytes);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or SocketException)
        {
            return false;
        }
    }

    /// <summary>
    /// Clients who ask for much and read nothing, one after the other until the buffers' limit ends one: how much each is held
    /// depends on how its socket filled.
    /// </summary>
    public static async Task<List<ClientConnection>> StalledUntilOneEndsAsync(this ProxyFixture proxy, CancellationToken cancellation)
    {
        const int Most = 200;
        const long Much = 100_000_000;
        var clients = new List<ClientConnection>();
        while (proxy.Sessions.CountOf(SessionEnd.Memory) == 0 && clients.Count < Most)
        {
            var client = await proxy.ConnectAsync(Form.All[clients.Count % Form.All.Length], cancellation: cancellation);
            clients.Add(client);
            await client.AskAsync(FakeMode.Source, Much, cancellation);
        }

        return clients;
    }

    /// <summary>A connection that says nothing.</summary>
    public static async Task<Socket> KnockAsync(this ProxyFixture proxy, CancellationToken cancellation = default)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, proxy.Port, cancellation);
        return socket;
    }

    /// <summary>What a stranger sees who sends this: all that is answered, up to the end.</summary>
    public static async Task<string> ProbeAsync(this ProxyFixture proxy, byte[] bytes, CancellationToken cancellation = default)
    {
        using var socket = await proxy.KnockAsync(cancellation);
        await socket.SendAsync(bytes, cancellation);
        var answer = new MemoryStream();
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer, cancellation) is > 0 and var count)
        {
            answer.Write(buffer, 0, count);
        }

        return Encoding.ASCII.GetString(answer.ToArray());
    }
}
