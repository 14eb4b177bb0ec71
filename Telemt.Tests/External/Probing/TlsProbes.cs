using Telemt.Core.Client;
using Telemt.Core.Fronting;
using Telemt.Core.Wire;
using Telemt.Tests.Data;
using Telemt.Tests.EndToEnd;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.External.Probing;

/// <summary>Hellos of browsers, of tools, of Telegram's clients with a wrong secret, and what can be wrong with a hello or behind it.</summary>
internal static class TlsProbes
{
    private static readonly byte[] X25519Key = [9, .. new byte[31]];

    /// <summary>The base point of P-256, which anybody may send as his key.</summary>
    private static readonly byte[] P256Key = Convert.FromHexString(
        "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");

    public static IEnumerable<Probe> All =>
    [
        .. Enum.GetValues<HelloStyle>().Select(style => new Probe($"a browser's hello, {style}", Browser(style))),
        .. Accepted().Select(hello => new Probe($"a wrong secret, {hello.Name}", hello.Bytes)),

        // Names and protocols.
        new("another name", Browser(HelloStyle.Modern, "www.example.org")),
        new("no name", Hello(without: Tls13.ServerName)),
        new("an address for a name", Hello((Tls13.ServerName, TestHello.ServerName("203.0.113.7")))),
        new("an empty name", Hello((Tls13.ServerName, [0, 3, 0, 0, 0]))),
        new("an empty list of names", Hello((Tls13.ServerName, []))),
        new("two names", Hello((Tls13.ServerName, [0, 12, 0, 0, 3, .. "a.b"u8, 0, 0, 3, .. "c.d"u8]))),
        new("a name in capitals", Hello((Tls13.ServerName, TestHello.ServerName("WWW.EXAMPLE.COM")))),
        new("a name with a dot behind it", Hello((Tls13.ServerName, TestHello.ServerName("www.example.com.")))),
        new("a name with a zero in it", Hello((Tls13.ServerName, TestHello.ServerName("www.example.com\0.org")))),
        new("a name of 255 letters", Hello((Tls13.ServerName, TestHello.ServerName(new string('a', 255))))),
        new("no protocols", Hello(without: Tls13.Alpn)),
        new("HTTP/1.1 only", Hello((Tls13.Alpn, [0, 9, 8, .. "http/1.1"u8]))),
        new("an unknown protocol", Hello((Tls13.Alpn, [0, 4, 3, .. "xyz"u8]))),
        new("an empty protocol", Hello((Tls13.Alpn, [0, 1, 0]))),

        // Versions, suites, keys.
        new("TLS 1.2 only", Old(0x0303).Build()),
        new("TLS 1.2 only, a right digest", Old(0x0303).Signed(ProxyFixture.KeyOf("tele").Bytes.ToArray(), (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds())),
        new("TLS 1.1 only", Versioned(Old(0x0302), 2)),
        new("TLS 1.0 only", Versioned(Old(0x0301), 1)),
        new("SSL 3", [0x16, 3, 0, .. Versioned(Old(0x0300), 0)[3..]]),
        new("SSL 2", [0x80, 0x2e, 1, 0, 2, 0, 0x15, 0, 0, 0, 0x10, 7, 0, 0xc0, 5, 0, 0x80, 3, 0, 0x80, 1, 0, 0x80, 6, 0, 0x40, 4, 0, 0x80, 2, 0, 0x80, .. new byte[16]]),
        new("a version to come", Hello((Tls13.SupportedVersions, [2, 3, 5]))),
        new("no suite that anybody knows", Build(suites: [0x5a, 0x5b])),
        new("AES-256 first", Build(suites: [0x13, 2, 0x13, 1, 0x13, 3])),
        new("ChaCha20 only", Build(suites: [0x13, 3])),
        new("P-256", Hello((Tls13.SupportedGroups, [0, 2, 0, 0x17]), (Tls13.KeyShare, Keys((0x17, P256Key))))),
        new("P-256 preferred, x25519 offered", Hello((Tls13.SupportedGroups, [0, 4, 0, 0x17, 0, 0x1d]))),
        new("a key to be asked for", Hello((Tls13.SupportedGroups, [0, 2, 0, 0x18]), (Tls13.KeyShare, [0, 0]))),
        new("a group that nobody knows", Hello((Tls13.SupportedGroups, [0, 2, 0x5a, 0x5b]), (Tls13.KeyShare, Keys((0x5a5b, new byte[32]))))),
        new("a key of zeros", Hello((Tls13.KeyShare, Keys((Tls13.X25519, new byte[32]))))),
        new("a key too short", Hello((Tls13.KeyShare, Keys((Tls13.X25519, new byte[31]))))),
        new("no groups", Hello(without: Tls13.SupportedGroups)),
        new("no keys", Hello(without: Tls13.KeyShare)),
        new("no signatures", Hello(without: Tls13.SignatureAlgorithms)),
        new("a ticket that nobody gave", Hello((0x002d, [1, 1]), (Tls13.PreSharedKey, [0, 0x16, 0, 0x10, .. new byte[16], 0, 0, 0, 0, 0, 0x21, 0x20, .. new byte[32]]))),
        new("early data", Hello((0x002a, []), (0x002d, [1, 1]), (Tls13.PreSharedKey, [0, 0x16, 0, 0x10, .. new byte[16], 0, 0, 0, 0, 0, 0x21, 0x20, .. new byte[32]]))),
        new("a heartbeat", Hello((0x000f, [1]))),

        // Forms.
        new("no session id", Build(sessionId: [])),
        new("a session id of 33 bytes", Build(sessionId: new byte[33])),
        new("no extensions", Build(extensions: [])),
        new("an extension twice", Build(extensions: [.. Extensions(), (Tls13.Alpn, [0, 3, 2, .. "h2"u8])])),
        new("an extension that is too long", Changed(Build(), at: 0, fromEnd: 5, value: 0xff)),
        new("padded to 517 bytes", new TestHello { Extensions = [.. Extensions()] }.PaddedTo(517).Build()),
        new("padded to 16 KB", new TestHello { Extensions = [.. Extensions()] }.PaddedTo(16_000).Build()),
        new("a compression that nobody knows", Compressed()),
        new("a record of version 3.0", Changed(Build(), at: 2, value: 0)),
        new("a record of version 3.3", Changed(Build(), at: 2, value: 3)),
        new("a record of version 2.0", Changed(Build(), at: 1, value: 2)),
        new("a record longer than may be", [0x16, 3, 1, 0x7f, 0xff, .. new byte[1_000]]),
        new("a record of nothing", [0x16, 3, 1, 0, 0]),
        new("a hello that claims less than it has", Changed(Changed(Telegram("mtcute"), at: 3, value: 1), at: 4, value: 44)),
        new("a hello that claims more than it has", Changed(Build(), at: 8, value: 0xff)),
        new("another message", Changed(Build(), at: 5, value: 2)),
        new("an alert", [0x15, 3, 1, 0, 2, 2, 40]),
        new("a farewell", [0x15, 3, 3, 0, 2, 1, 0]),
        new("ChangeCipherSpec", [0x14, 3, 3, 0, 1, 1]),
        new("data", [0x17, 3, 3, 0, 100, .. Masking.Garbage(100)]),

        // Pieces, and what comes behind.
        new("a hello in two records", TestHello.Cut(Build(), 100)),
        new("a hello in records of 50 bytes", TestHello.Cut(Build(), 50, 50)),
        new("a hello in four segments", [Build()[..3], Build()[3..60], Build()[60..200], Build()[200..]]),
        new("half a hello", Build()[..150]),
        new("half a hello, half-closed", Build()[..150], halfClose: true),
        new("a hello but for its last byte", Build()[..^1]),
        new("a hello, half-closed", Build(), halfClose: true),
        new("a hello and garbage behind it", [.. Build(), .. Masking.Garbage(500)]),
        new("a hello, then garbage", [Build(), Masking.Garbage(500)]),
        new("a hello and an alert", [.. Build(), 0x15, 3, 3, 0, 2, 2, 80]),
        new("a hello, then an alert", [Build(), [0x15, 3, 3, 0, 2, 2, 80]]),
        new("a hello, then a farewell", [Build(), [0x15, 3, 3, 0, 2, 1, 0]]),
        new("a hello, then what a client of Telegram's sends", [Build(), [0x14, 3, 3, 0, 1, 1, 0x17, 3, 3, 0, 200, .. Masking.Garbage(200)]]),
        new("two hellos", [.. Build(), .. Build()]),
        new("a hello, then a hello", [Build(), Build()]),
    ];

    /// <summary>A hello that an implementation of Telegram's clients made.</summary>
    public static byte[] Telegram(string name) => Accepted().First(hello => hello.Name == name).Bytes;

    /// <summary>A plain hello of TLS 1.3 and 1.2 that a server goes on with, with some extensions changed or added.</summary>
    public static byte[] Hello(params (ushort Type, byte[] Data)[] changes)
    {
        var extensions = Extensions().ToList();
        foreach (var (type, data) in changes)
        {
            extensions.RemoveAll(extension => extension.Type == type);
            extensions.Add((type, data));
        }

        return Build(extensions: [.. extensions]);
    }

    private static byte[] Hello(ushort without) => Build(extensions: [.. Extensions().Where(extension => extension.Type != without)]);

    private static byte[] Build(byte[]? suites = null, byte[]? sessionId = null, (ushort Type, byte[] Data)[]? extensions = null) => new TestHello
    {
        Suites = suites ?? [0x13, 1, 0x13, 2, 0x13, 3, 0xc0, 0x2b, 0xc0, 0x2f, 0xc0, 0x2c, 0xc0, 0x30],
        SessionId = sessionId ?? [.. Enumerable.Range(1, 32).Select(i => (byte)i)],
        Extensions = [.. extensions ?? [.. Extensions()]],
    }.Build();

    private static IEnumerable<(ushort Type, byte[] Data)> Extensions() =>
    [
        (Tls13.ServerName, TestHello.ServerName(ProxyFixture.Domain)),
        (Tls13.SupportedGroups, [0, 4, 0, 0x1d, 0, 0x17]),
        (0x000b, [1, 0]),
        (Tls13.SignatureAlgorithms, [0, 8, 4, 3, 8, 4, 4, 1, 8, 5]),
        (Tls13.Alpn, [0, 12, 2, .. "h2"u8, 8, .. "http/1.1"u8]),
        (Tls13.KeyShare, Keys((Tls13.X25519, X25519Key))),
        (Tls13.SupportedVersions, [4, 3, 4, 3, 3]),
    ];

    private static byte[] Keys(params (int Group, byte[] Key)[] keys)
    {
        byte[] all = [.. keys.SelectMany(key => (byte[])[(byte)(key.Group >> 8), (byte)key.Group, (byte)(key.Key.Length >> 8), (byte)key.Key.Length, .. key.Key])];
        return [(byte)(all.Length >> 8), (byte)all.Length, .. all];
    }

    /// <summary>Without anything of TLS 1.3.</summary>
    private static TestHello Old(ushort version) => new()
    {
        Suites = version == 0x0303 ? [0xc0, 0x2b, 0xc0, 0x2f, 0xc0, 0x2c, 0xc0, 0x30] : [0xc0, 9, 0xc0, 0x13, 0, 0x2f, 0, 0x35],
        Extensions =
        [
            (Tls13.ServerName, TestHello.ServerName(ProxyFixture.Domain)),
            (Tls13.SupportedGroups, [0, 4, 0, 0x1d, 0, 0x17]),
            (0x000b, [1, 0]),
            (Tls13.SignatureAlgorithms, [0, 6, 4, 3, 8, 4, 4, 1]),
            (0xff01, [0]),
        ],
    };

    private static byte[] Versioned(TestHello hello, byte minor) => Changed(hello.Build(), at: 10, value: minor);

    private static byte[] Browser(HelloStyle style, string name = ProxyFixture.Domain) => ProbeHello.Write(style, name, new SeededRandom(7));

    private static byte[] Compressed()
    {
        var hello = Build();
        return Changed(hello, at: 11 + 32 + 1 + 32 + 2 + 14 + 1, value: 0x40);
    }

    private static byte[] Changed(byte[] record, int at, byte value, int fromEnd = 0)
    {
        byte[] changed = [.. record];
        changed[fromEnd == 0 ? at : ^fromEnd] = value;
        return changed;
    }

    private static IEnumerable<(string Name, byte[] Bytes)> Accepted() => Vectors.Load("faketls_client_hello").GetProperty("accepted")
        .EnumerateArray()
        .Select(hello => (hello.GetProperty("name").GetString()!, hello.Hex("client_hello")));
}
