using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Telemt.Tests.EndToEnd;

namespace Telemt.Tests.External.Probing;

/// <summary>Bytes that somebody sends to see what answers.</summary>
/// <param name="Parts">Sent one after the other, each in a segment of its own.</param>
/// <param name="HalfClose">He ends his side behind them.</param>
internal sealed partial record Probe(string Name, byte[][] Parts, bool HalfClose = false)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public Probe(string name, byte[] bytes, bool halfClose = false)
        : this(name, [bytes], halfClose)
    {
    }

    public static IEnumerable<Probe> All => PlainProbes.All.Concat(TlsProbes.All);

    public override string ToString() => Name;

    /// <param name="most">Until when to wait for an end; then it is "open".</param>
    public async Task<Answer> AskAsync(int port, CancellationToken cancellation, TimeSpan? most = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(most ?? TimeSpan.FromSeconds(60));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var start = Stopwatch.GetTimestamp();
        var (all, firstAt) = (new MemoryStream(), 0.0);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), patience.Token);
            for (var i = 0; i < Parts.Length; i++)
            {
                await socket.SendAllAsync(Parts[i], patience.Token);
                if (i + 1 < Parts.Length)
                {
                    await Task.Delay(Pause, patience.Token);
                }
            }

            if (HalfClose)
            {
                socket.Shutdown(SocketShutdown.Send);
            }

            var buffer = new byte[64 * 1024];
            while (await socket.ReceiveAsync(buffer, patience.Token) is > 0 and var count)
            {
                firstAt = all.Length == 0 ? Since(start) : firstAt;
                all.Write(buffer, 0, count);
            }

            return Ended("FIN");
        }
        catch (SocketException e)
        {
            return Ended(e.SocketErrorCode.ToString());
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Ended("open");
        }

        Answer Ended(string end) => new(WithoutDate(all.ToArray()), end, all.Length == 0 ? Since(start) : firstAt, Since(start));
    }

    private static double Since(long start) => Stopwatch.GetElapsedTime(start).TotalMilliseconds;

    private static byte[] WithoutDate(byte[] bytes) =>
        Encoding.Latin1.GetBytes(Date().Replace(Encoding.Latin1.GetString(bytes), "Date: then"));

    [GeneratedRegex("Date: [^\r]*")]
    private static partial Regex Date();
}
