using System.Diagnostics;
using System.Net;
using Telemt.Bench.Load.Net;
using Telemt.Bench.Load.Report;
using Telemt.Bench.Load.Targets;
using Telemt.Core.Wire;
using Telemt.Worker;
using Telemt.Worker.Selftest;

namespace Telemt.Bench.Link;

/// <summary>The process at the clients' end: waits for the link, loads it as it is told on standard input, and says what came of it.</summary>
internal static class LinkClients
{
    private const long Endless = 1L << 40;
    private const int Ping = 256;

    /// <summary>First line "ready"; then for each line "PORT WARMUP SECONDS PINGS FLOWS-OF-USER-0 FLOWS-OF-USER-1" one with bytes and p50, p99.</summary>
    public static async Task<int> RunAsync()
    {
        NetworkNamespace.Enter("reno");
        Console.WriteLine("ready");
        Console.ReadLine();
        LinkNetwork.RaiseClientEnd();
        Console.WriteLine("up");
        while (Console.ReadLine() is { Length: > 0 } line)
        {
            var words = Array.ConvertAll(line.Split(' '), int.Parse);
            Console.WriteLine(await LoadAsync(words[0], words[1], words[2], words[3], words[4..]));
        }

        return 0;
    }

    private static async Task<string> LoadAsync(int port, int warmup, int seconds, int pings, int[] flows)
    {
        using var stop = new CancellationTokenSource();
        var bytes = new long[flows.Length];
        var running = new List<Task>();
        for (var user = 0; user < flows.Length; user++)
        {
            for (var i = 0; i < flows[user]; i++)
            {
                running.Add(DownloadAsync(await AskAsync(port, user, FakeMode.Source, Endless), bytes, user, stop.Token));
            }
        }

        await Task.Delay(TimeSpan.FromSeconds(warmup));
        var (before, began, times) = (bytes.ToArray(), Stopwatch.GetTimestamp(), new List<double>());
        var asking = Enumerable.Range(0, pings).Select(i => PingAsync(port, TimeSpan.FromSeconds(seconds), i, times)).ToArray();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var rates = bytes.Select((now, user) => (now - before[user]) * 8 / 1e6 / took).ToArray();
        await Task.WhenAll(asking);
        await stop.CancelAsync();
        await Task.WhenAll(running);
        var sorted = times.Order().ToArray();
        var (p50, p99) = sorted.Length == 0 ? (0, 0) : (Statistics.Percentile(sorted, 0.5), Statistics.Percentile(sorted, 0.99));
        return FormattableString.Invariant($"{string.Join(' ', rates.Select(rate => rate.ToString("F2", System.Globalization.CultureInfo.InvariantCulture)))} {p50:F3} {p99:F3}");
    }

    private static async Task DownloadAsync(ClientConnection client, long[] bytes, int user, CancellationToken stop)
    {
        var buffer = new byte[64 * 1024];
        using (client)
        {
            try
            {
                while (await client.Socket.ReceiveAsync(buffer, stop) is var received and > 0)
                {
                    Interlocked.Add(ref bytes[user], received);
                }
            }
            catch (OperationCanceledException)
            {
                // Enough.
            }
        }
    }

    /// <summary>Of a third user. Milliseconds.</summary>
    private static async Task PingAsync(int port, TimeSpan how, int index, List<double> times)
    {
        using var client = await AskAsync(port, LinkTarget.UserCount - 1, FakeMode.Echo, 0);
        var message = new byte[Ping];
        message[0] = 1;
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < how;)
        {
            var asked = Stopwatch.GetTimestamp();
            await client.SendFrameAsync(message);
            await client.ReceiveFrameAsync();
            lock (times)
            {
                times.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }

            await Task.Delay(20 + (index % 7));
        }
    }

    private static async Task<ClientConnection> AskAsync(int port, int user, FakeMode mode, long argument)
    {
        var client = await ClientConnection.ConnectAsync(
            new IPEndPoint(IPAddress.Parse(LinkNetwork.ProxyAddress), port),
            ClientSecret.For(TelemtTarget.KeyOf(user), ClientMode.Tls, TelemtTarget.Domain),
            ProtocolTag.PaddedIntermediate,
            2,
            new SystemRandomSource(),
            TimeProvider.System);
        await client.SendFrameAsync(new FakeCommand(mode, argument).ToPayload());
        return client;
    }
}
