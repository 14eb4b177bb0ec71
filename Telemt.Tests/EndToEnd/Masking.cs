using System.Net.Sockets;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.EndToEnd;

/// <summary>What the tests of the mask say of a stranger, of the site, and of what lies between them.</summary>
internal static class Masking
{
    private const int Turns = 4;

    public static byte[] RandomBytes(int count, int seed = 1)
    {
        var bytes = new byte[count];
        new SeededRandom(seed).Fill(bytes);
        return bytes;
    }

    /// <summary>Bytes that no client and no web browser begins with.</summary>
    public static byte[] Garbage(int count, int seed = 1)
    {
        var bytes = RandomBytes(count, seed);
        bytes[0] = 0xa5;
        return bytes;
    }

    /// <summary>Returns when every loop has seen all that was sent to it before.</summary>
    public static async Task TurnAsync(this ProxyFixture proxy)
    {
        for (var i = 0; i < Turns; i++)
        {
            foreach (var loop in proxy.Loops)
            {
                var turned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                loop.Post(_ => turned.SetResult(), null);
                await turned.Task;
            }
        }
    }

    public static async Task SendAllAsync(this Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, cancellation)..];
        }
    }

    /// <summary>So many bytes, or what came before the end.</summary>
    public static async Task<byte[]> ReceiveAsync(this Socket socket, int count, CancellationToken cancellation)
    {
        var bytes = new byte[count];
        var at = 0;
        while (at < count && await socket.ReceiveAsync(bytes.AsMemory(at), cancellation) is > 0 and var received)
        {
            at += received;
        }

        return bytes[..at];
    }

    /// <summary>All bytes up to a FIN.</summary>
    public static async Task<byte[]> ReceiveAllAsync(this Socket socket, CancellationToken cancellation)
    {
        var all = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await socket.ReceiveAsync(buffer, cancellation) is > 0 and var received)
        {
            all.Write(buffer, 0, received);
        }

        return all.ToArray();
    }

    /// <summary>Neither a byte nor an end has come.</summary>
    public static bool HearsNothing(this Socket socket) => !socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Sends random bytes from one end and finds the same at the other.</summary>
    public static async Task PassAsync(Socket from, Socket to, int count, int seed, CancellationToken cancellation)
    {
        var bytes = RandomBytes(count, seed);
        var sending = from.SendAllAsync(bytes, cancellation);
        var received = await to.ReceiveAsync(count, cancellation);
        await sending;
        Assert.That(received.AsSpan().SequenceEqual(bytes), "the bytes as they were sent");
    }

    /// <summary>The site has ended its side: the stranger sees that end, may still speak, and his own end is seen as such.</summary>
    public static async Task EndByFinAsync(Socket stranger, Socket site, CancellationToken cancellation)
    {
        site.Shutdown(SocketShutdown.Send);
        Assert.That(await stranger.ReceiveAllAsync(cancellation), Is.Empty);
        await PassAsync(stranger, site, 100, seed: 4, cancellation);
        stranger.Shutdown(SocketShutdown.Send);
        Assert.That(await site.ReceiveAllAsync(cancellation), Is.Empty);
    }
}
