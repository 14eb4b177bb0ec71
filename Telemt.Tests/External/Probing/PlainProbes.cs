using Telemt.Tests.EndToEnd;

namespace Telemt.Tests.External.Probing;

/// <summary>What scanners send that know nothing of TLS.</summary>
internal static class PlainProbes
{
    public static IEnumerable<Probe> All =>
    [
        new("silence", (byte[])[]),
        new("silence, half-closed", [], halfClose: true),
        new("one byte of TLS", [0x16]),
        new("one byte of TLS, half-closed", [0x16], halfClose: true),
        new("two bytes of TLS", [0x16, 3]),
        new("one zero", [0]),
        new("one letter", "G"u8.ToArray()),
        new("5 bytes of garbage", Masking.Garbage(5)),
        new("63 bytes of garbage", Masking.Garbage(63)),
        new("64 bytes of garbage", Masking.Garbage(64)),
        new("100 bytes of garbage", Masking.Garbage(100)),
        new("1,000 bytes of garbage", Masking.Garbage(1_000)),
        new("20,000 bytes of garbage", Masking.Garbage(20_000)),
        new("garbage, half-closed", Masking.Garbage(100), halfClose: true),
        new("garbage in three segments", [Masking.Garbage(100), Masking.Garbage(50, 2), Masking.Garbage(50, 3)]),
        new("zeros", new byte[200]),
        new("0xff", [.. Enumerable.Repeat((byte)0xff, 200)]),
        new("new lines", [.. Enumerable.Repeat((byte)'\n', 100)]),
        new("HTTP GET", Text("GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n")),
        new("HTTP GET, half-closed", Text("GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n"), halfClose: true),
        new("HTTP GET without its end", Text("GET / HTTP/1.1\r\nHost: www.example.com\r\n")),
        new("HTTP GET in three segments", [Text("GE"), Text("T / HTTP/1.1\r\nHost: a"), Text("\r\n\r\n")]),
        new("HTTP HEAD 1.0", Text("HEAD / HTTP/1.0\r\n\r\n")),
        new("HTTP 0.9", Text("GET /\r\n")),
        new("HTTP POST", Text("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na=b")),
        new("HTTP PUT", Text("PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")),
        new("HTTP OPTIONS", Text("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")),
        new("HTTP CONNECT", Text("CONNECT 149.154.167.51:443 HTTP/1.1\r\nHost: 149.154.167.51:443\r\n\r\n")),
        new("HTTP to another site", Text("GET http://example.org/ HTTP/1.1\r\nHost: example.org\r\n\r\n")),
        new("HTTP upgrade", Text("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")),
        new("HTTP/2 preface", Text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")),
        new("HTTP/2 preface and settings", [.. Text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 0, 0, 0, 4, 0, 0, 0, 0, 0]),
        new("SSH", Text("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n")),
        new("SMTP", Text("EHLO example.org\r\n")),
        new("FTP", Text("USER anonymous\r\n")),
        new("SIP", Text("OPTIONS sip:nm SIP/2.0\r\nVia: SIP/2.0/TCP nm;branch=foo\r\n\r\n")),
        new("RTSP", Text("OPTIONS / RTSP/1.0\r\n\r\n")),
        new("SOCKS5", [5, 1, 0]),
        new("SOCKS4", [4, 1, 0, 80, 1, 2, 3, 4, 0]),
        new("RDP", [3, 0, 0, 0x13, 0x0e, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 3, 0, 0, 0]),
        new("SMB", [0, 0, 0, 0x2f, 0xff, .. "SMBr"u8, .. new byte[42]]),
        new("DNS over TCP", [0, 0x1e, 0, 6, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 7, .. "version"u8, 4, .. "bind"u8, 0, 0, 0x10, 0, 3]),
        new("BitTorrent", [0x13, .. "BitTorrent protocol"u8, .. new byte[48]]),
        new("MTProto abridged", [0xef, 10, .. new byte[40]]),
        new("MTProto intermediate", [0xee, 0xee, 0xee, 0xee, 40, 0, 0, 0, .. new byte[40]]),
        new("MTProto padded intermediate", [0xdd, 0xdd, 0xdd, 0xdd, 40, 0, 0, 0, .. new byte[40]]),
        new("OpenVPN", [0, 14, 0x38, .. Masking.RandomBytes(8), 0, 0, 0, 0, 0]),
    ];

    private static byte[] Text(string text) => System.Text.Encoding.ASCII.GetBytes(text);
}
