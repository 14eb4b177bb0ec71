using Telemt.Core.Gate;
using Telemt.Tests.Data;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.EndToEnd;

/// <summary>What somebody begins with who is not to be served.</summary>
/// <param name="Reason">By which he is refused; <see cref="Refusal.Stalled"/> takes a second of silence.</param>
/// <param name="Bytes">Made for the present time, in seconds of the epoch.</param>
internal sealed record Stranger(string Name, Refusal Reason, Func<uint, byte[]> Bytes)
{
    private const uint Day = 86_400;

    private static readonly byte[] Key = ProxyFixture.KeyOf("tele").Bytes.ToArray();
    private static readonly byte[] WrongKey = Masking.RandomBytes(16, seed: 77);

    public static IEnumerable<Stranger> All =>
    [
        .. Hellos(),
        .. BrokenHellos(),
        new("GET", Refusal.Http, _ => "GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n"u8.ToArray()),
        new("GET without an end", Refusal.Http, _ => "GET "u8.ToArray()),
        new("POST", Refusal.Http, _ => "POST /form HTTP/1.0\r\nContent-Length: 3\r\n\r\na=b"u8.ToArray()),
        new("HEAD", Refusal.Http, _ => "HEAD / HTTP/1.0\r\n\r\n"u8.ToArray()),
        new("OPTIONS", Refusal.Http, _ => "OPTIONS * HTTP/1.1\r\n\r\n"u8.ToArray()),
        new("GE", Refusal.Stalled, _ => "GE"u8.ToArray()),
        new("a short verb that only looks like one", Refusal.Stalled, _ => "GETTY"u8.ToArray()),
        new("HTTP/2 without TLS", Refusal.Stalled, _ => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray()),
        new("SSH", Refusal.Stalled, _ => "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"u8.ToArray()),
        new("a first byte", Refusal.Stalled, _ => [0x16]),
        new("an alert", Refusal.Stalled, _ => [0x15, 3, 1, 0, 2, 2, 40]),
        new("63 bytes", Refusal.Stalled, _ => Masking.Garbage(63)),
        new("64 bytes", Refusal.WrongSecret, _ => Masking.Garbage(64)),
        new("1,000 bytes", Refusal.WrongSecret, _ => Masking.Garbage(1_000)),
        new("20,000 bytes", Refusal.WrongSecret, _ => Masking.Garbage(20_000)),
        new("the header of somebody else's client", Refusal.WrongSecret, _ => TestHeader.Make(WrongKey, 0xdd).Wire),
    ];

    public override string ToString() => Name;

    /// <summary>A hello with a secret that nobody has, for a name.</summary>
    public static byte[] NamedHello(string name) => Named(name).Signed(WrongKey, 0);

    private static IEnumerable<Stranger> Hellos() =>
    [
        new("a browser's hello", Refusal.WrongSecret, _ => Vectors.Load("faketls_client_hello").GetProperty("rejected").EnumerateArray()
            .Single(hello => hello.GetProperty("name").GetString()!.StartsWith("unsigned", StringComparison.Ordinal))
            .Hex("client_hello")),
        new("wrong secret", Refusal.WrongSecret, time => new TestHello().Signed(WrongKey, time)),
        new("wrong secret, 16 KiB", Refusal.WrongSecret, time => new TestHello().PaddedTo(16_384).Signed(WrongKey, time)),
        new("wrong secret in four records", Refusal.WrongSecret, time => TestHello.Cut(new TestHello().Signed(WrongKey, time), 1, 200, 300)),
        new("wrong secret, no name", Refusal.WrongSecret, time => Without(0x0000).Signed(WrongKey, time)),
        new("wrong secret, other name", Refusal.WrongSecret, time => Named("www.example.org").Signed(WrongKey, time)),
        new("one byte of the digest changed", Refusal.WrongSecret, time => Changed(new TestHello().Signed(Key, time), 11 + 27)),
        new("one byte of the session id changed", Refusal.WrongSecret, time => Changed(new TestHello().Signed(Key, time), 50)),
        new("a day old", Refusal.Stale, time => new TestHello().Signed(Key, time - Day)),
        new("a day ahead", Refusal.Stale, time => new TestHello().Signed(Key, time + Day)),
        new("unknown name", Refusal.UnknownSni, time => Named("www.example.org").Signed(Key, time)),
        new("bytes behind the hello", Refusal.SurplusBytes, time => [.. new TestHello().Signed(Key, time), 0x14, 3, 3, 0, 1, 1]),
        new("one byte behind the hello", Refusal.SurplusBytes, time => [.. new TestHello().Signed(Key, time), 0]),
        new("two hellos", Refusal.SurplusBytes, time => [.. new TestHello().Signed(Key, time), .. new TestHello().Signed(Key, time, 2)]),
        new("TLS 1.2 only", Refusal.NoTls13, time => new TestHello { Suites = [0xc0, 0x2b, 0xc0, 0x2f] }.Signed(Key, time)),
    ];

    private static IEnumerable<Stranger> BrokenHellos() =>
    [
        new("a hello but for its last byte", Refusal.Stalled, time => new TestHello().Signed(Key, time)[..^1]),
        new("half a hello", Refusal.Stalled, time => new TestHello().Signed(Key, time)[..700]),
        new("a record's head", Refusal.Stalled, _ => [0x16, 3, 1, 2, 0]),
        new("a record that claims more than there is", Refusal.Stalled, _ => [0x16, 3, 1, 0x20, 0, 1, 0, 0x1f, 0xfc, .. new byte[500]]),
        new("a record that claims less than there is", Refusal.MalformedHello, time => Claiming(new TestHello().Signed(Key, time), 100)),
        new("a record that claims nothing", Refusal.MalformedHello, time => Claiming(new TestHello().Signed(Key, time), 0)),
        new("a record that claims 64 KiB", Refusal.MalformedHello, time => Claiming(new TestHello().Signed(Key, time), 0xffff)),
    ];

    private static TestHello Named(string name)
    {
        var hello = Without(0x0000);
        hello.Extensions.Insert(0, (0x0000, TestHello.ServerName(name)));
        return hello;
    }

    private static TestHello Without(ushort extension)
    {
        var hello = new TestHello();
        hello.Extensions.RemoveAll(each => each.Type == extension);
        return hello;
    }

    private static byte[] Changed(byte[] bytes, int at)
    {
        bytes[at] ^= 1;
        return bytes;
    }

    private static byte[] Claiming(byte[] record, int length)
    {
        (record[3], record[4]) = ((byte)(length >> 8), (byte)length);
        return record;
    }
}
