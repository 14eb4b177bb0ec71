using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Telemt.Tests.Data;
using Telemt.Tests.EndToEnd;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.External;

/// <summary>Bytes that somebody sends to see what answers.</summary>
/// <param name="HalfClose">He ends his side behind them.</param>
internal sealed partial record Probe(string Name, byte[] Bytes, bool HalfClose = false)
{
    public static IEnumerable<Probe> All =>
    [
        new("plain HTTP", "GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n"u8.ToArray()),
        new("plain HTTP 1.0", "HEAD / HTTP/1.0\r\n\r\n"u8.ToArray()),
        new("plain HTTP, half-closed", "GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n"u8.ToArray(), HalfClose: true),
        new("SSH", "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"u8.ToArray()),
        new("one byte", [0x16]),
        new("one byte, half-closed", [0x16], HalfClose: true),
        new("half-closed", [], HalfClose: true),
        new("5 bytes of garbage", Masking.Garbage(5)),
        new("100 bytes of garbage", Masking.Garbage(100)),
        new("1,000 bytes of garbage", Masking.Garbage(1_000)),
        new("20,000 bytes of garbage", Masking.Garbage(20_000)),
        new("garbage, half-closed", Masking.Garbage(100), HalfClose: true),
        new("an alert", [0x15, 3, 1, 0, 2, 2, 40]),
        new("a hello, half-closed", Telegram("mtcute"), HalfClose: true),
        new("half a hello", Telegram("mtcute")[..600]),
        new("half a hello, half-closed", Telegram("mtcute")[..600], HalfClose: true),
        new("a hello and garbage behind it", [.. Telegram("mtcute"), .. Masking.Garbage(500)]),
        new("a hello that claims less than it has", Claiming(Telegram("mtcute"), 300)),
        new("a record longer than may be", [0x16, 3, 1, 0x7f, 0xff, .. new byte[1_000]]),
        new("TLS 1.2 only", Tls12().Signed(ProxyFixture.KeyOf("tele").Bytes.ToArray(), (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds())),
        .. Accepted().Select(hello => new Probe(hello.Name, hello.Bytes)),
    ];

    public override string ToString() => Name;

    /// <summary>A hello that an implementation of Telegram's clients made.</summary>
    public static byte[] Telegram(string name) => Accepted().First(hello => hello.Name == name).Bytes;

    public async Task<Answer> AskAsync(int port, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
        var all = new MemoryStream();
        try
        {
            await socket.SendAllAsync(Bytes, cancellation);
            if (HalfClose)
            {
                socket.Shutdown(SocketShutdown.Send);
            }

            var buffer = new byte[64 * 1024];
            while (await socket.ReceiveAsync(buffer, cancellation) is > 0 and var count)
            {
                all.Write(buffer, 0, count);
            }

            return new Answer(WithoutDate(all.ToArray()), "FIN");
        }
        catch (SocketException e)
        {
            return new Answer(WithoutDate(all.ToArray()), e.SocketErrorCode.ToString());
        }
    }

    private static byte[] WithoutDate(byte[] bytes) =>
        Encoding.Latin1.GetBytes(Date().Replace(Encoding.Latin1.GetString(bytes), "Date: then"));

    private static IEnumerable<(string Name, byte[] Bytes)> Accepted() => Vectors.Load("faketls_client_hello").GetProperty("accepted")
        .EnumerateArray()
        .Select(hello => (hello.GetProperty("name").GetString()!, hello.Hex("client_hello")));

    private static TestHello Tls12() => new()
    {
        Suites = [0xc0, 0x2f, 0xc0, 0x30],
        Extensions =
        [
            (0x0000, TestHello.ServerName(ProxyFixture.Domain)),
            (0x000a, [0, 2, 0, 0x1d]),
            (0x000b, [1, 0]),
            (0x000d, [0, 4, 8, 4, 4, 1]),
            (0xff01, [0]),
        ],
    };

    private static byte[] Claiming(byte[] record, int length)
    {
        (record[3], record[4]) = ((byte)(length >> 8), (byte)length);
        return record;
    }

    [GeneratedRegex("Date: [^\r]*")]
    private static partial Regex Date();
}

/// <summary>All bytes that came back, and what ended them.</summary>
internal sealed record Answer(byte[] Bytes, string End)
{
    public string Summary => $"{End} behind {Bytes.Length} bytes";
}
