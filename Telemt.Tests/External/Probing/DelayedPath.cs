using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Telemt.Tests.EndToEnd;

namespace Telemt.Tests.External.Probing;

/// <summary>A way to a port that takes its time, as ways through the world do: each piece 15 to 25 ms later, in order, both ways.</summary>
internal sealed class DelayedPath : IDisposable
{
    private const double Least = 15;
    private const double Spread = 10;

    private readonly Socket _listener = Ports.Listening();
    private readonly int _target;
    private readonly Random _random;

    public DelayedPath(int target, int seed)
    {
        _target = target;
        _random = new Random(seed);
        _ = AcceptAsync();
    }

    public int Port => Ports.PortOf(_listener);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task ServeAsync(Socket near)
    {
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (near)
        {
            near.NoDelay = true;
            try
            {
                await far.ConnectAsync(IPAddress.Loopback, _target);
                await Task.WhenAll(CarryAsync(near, far), CarryAsync(far, near));
            }
            catch (SocketException)
            {
                near.LingerState = far.LingerState = new LingerOption(true, 0);
            }
        }
    }

    private async Task CarryAsync(Socket from, Socket to)
    {
        var way = Channel.CreateUnbounded<(long Due, byte[] Bytes)>();
        var arriving = ArriveAsync(way.Reader, to);
        try
        {
            var buffer = new byte[64 * 1024];
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                way.Writer.TryWrite((Due(), buffer[..count]));
            }

            way.Writer.TryWrite((Due(), []));
        }
        finally
        {
            way.Writer.Complete();
            await arriving;
        }
    }

    private static async Task ArriveAsync(ChannelReader<(long Due, byte[] Bytes)> way, Socket to)
    {
        await foreach (var (due, bytes) in way.ReadAllAsync())
        {
            if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is var left && left > TimeSpan.Zero)
            {
                await Task.Delay(left);
            }

            if (bytes.Length == 0)
            {
                to.Shutdown(SocketShutdown.Send);
            }
            else
            {
                await to.SendAllAsync(bytes, CancellationToken.None);
            }
        }
    }

    private long Due()
    {
        lock (_random)
        {
            return Stopwatch.GetTimestamp() + (long)((Least + (_random.NextDouble() * Spread)) / 1000 * Stopwatch.Frequency);
        }
    }
}
