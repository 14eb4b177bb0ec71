using System.Net.Sockets;
using Telemt.Core.Gate;
using Telemt.Tests.Fakes;
using static Telemt.Tests.EndToEnd.Masking;

namespace Telemt.Tests.EndToEnd;

/// <summary>Behind our ServerHello it is too late for the site: a bad client sees what a TLS server does, one short record and FIN.</summary>
internal sealed class MaskingInnerHeaderTests : MaskingTests
{
    private static readonly byte[] ChangeCipher = [0x14, 3, 3, 0, 1, 1];

    private int _seed;

    public static IEnumerable<TestCaseData> Bad =>
    [
        Case("Random", Refusal.BadInnerHeader, Record(0x17, RandomBytes(64))),
        Case("RandomBehindChangeCipher", Refusal.BadInnerHeader, [.. ChangeCipher, .. Record(0x17, RandomBytes(300))]),
        Case("SixtyFourOneByteRecords", Refusal.BadInnerHeader, [.. RandomBytes(64).SelectMany(value => Record(0x17, [value]))]),
        Case("AWholeUploadBehindIt", Refusal.BadInnerHeader, [.. Enumerable.Repeat(Record(0x17, RandomBytes(16_384)), 40).SelectMany(r => r)]),
        Case("AnotherUser", Refusal.UserMismatch, Record(0x17, TestHeader.Make(ProxyFixture.KeyOf("hello").Bytes.ToArray(), 0xdd, seed: 9).Wire)),
        Case("AbridgedTag", Refusal.BadInnerHeader, Record(0x17, TestHeader.Make(ProxyFixture.KeyOf("tele").Bytes.ToArray(), 0xef, seed: 10).Wire)),
        Case("Alert", Refusal.BadInnerHeader, Record(0x15, [2, 40])),
        Case("HandshakeRecord", Refusal.BadInnerHeader, Record(0x16, RandomBytes(100))),
        Case("PlainHttp", Refusal.BadInnerHeader, "GET / HTTP/1.1\r\n\r\n"u8.ToArray()),
        Case("EmptyRecordThenNothingOfTls", Refusal.BadInnerHeader, [.. Record(0x17, []), .. Garbage(100)]),
    ];

    [TestCaseSource(nameof(Bad))]
    public async Task InnerHeader_ThatIsBad_GetsOneShortRecordAndFin(Refusal reason, byte[] bytes, CancellationToken cancellation)
    {
        var before = Proxy.Sessions.CountOf(reason);
        using (var client = await GreetedAsync(cancellation))
        {
            await client.SendAllAsync(bytes, cancellation);
            await PartsLikeTlsAsync(client, cancellation);
        }

        await Wait.UntilAsync(() => Proxy.Sessions.CountOf(reason) == before + 1, $"one more refused as {reason}");
    }

    [Test]
    public async Task InnerHeader_ThatNeverComes_GetsOneShortRecordAndFin(CancellationToken cancellation)
    {
        using var client = await GreetedAsync(cancellation);
        await client.SendAllAsync(Record(0x17, RandomBytes(30)), cancellation);
        await Proxy.TurnAsync();
        Proxy.Advance(TimeSpan.FromSeconds(31));
        await PartsLikeTlsAsync(client, cancellation);
    }

    [Test]
    public async Task HalfClose_BehindOurServerHello_GetsOneShortRecordAndFin([Values(0, 40)] int length, CancellationToken cancellation)
    {
        using var client = await GreetedAsync(cancellation);
        await client.SendAllAsync(length == 0 ? [] : Record(0x17, RandomBytes(length)), cancellation);
        client.Shutdown(SocketShutdown.Send);
        await PartsLikeTlsAsync(client, cancellation);
    }

    [Test]
    public async Task Header_SeenInARecord_IsNoClientsWhenItComesBare(CancellationToken cancellation)
    {
        var header = TestHeader.Make(Key, 0xdd, seed: 50).Wire;
        using (var client = await GreetedAsync(cancellation))
        {
            await client.SendAllAsync(Record(0x17, header), cancellation);
            await Proxy.SessionsAsync(1);
        }

        await Proxy.SessionsAsync(0);
        await MeetAndPartAsync(header, Refusal.Replay, reset: false, cancellation);
    }

    private static async Task PartsLikeTlsAsync(Socket client, CancellationToken cancellation)
    {
        var last = await client.ReceiveAllAsync(cancellation);
        Assert.That(last[..3], Is.EqualTo(new byte[] { 0x17, 3, 3 }));
        var length = (last[3] << 8) | last[4];
        Assert.That(last, Has.Length.EqualTo(5 + length), "one record and nothing else");
        Assert.That(length, Is.InRange(19, 40));
        Assert.That(client.Poll(0, SelectMode.SelectError), Is.False);
        Assert.That(await client.EndsByResetAsync(cancellation), Is.False);
    }

    private static TestCaseData Case(string name, Refusal reason, byte[] bytes) => new(reason, bytes) { TestName = $"{{m}}({name})" };

    private static byte[] Record(byte type, byte[] payload) => [type, 3, 3, (byte)(payload.Length >> 8), (byte)payload.Length, .. payload];

    /// <summary>A connection that has our ServerHello, ChangeCipherSpec and data record, and nothing behind them.</summary>
    private async Task<Socket> GreetedAsync(CancellationToken cancellation)
    {
        var client = await Proxy.KnockAsync(cancellation);
        await client.SendAllAsync(new TestHello().Signed(Key, Now, ++_seed), cancellation);
        foreach (var type in (byte[])[0x16, 0x14, 0x17])
        {
            var head = await client.ReceiveAsync(5, cancellation);
            Assert.That(head[0], Is.EqualTo(type));
            await client.ReceiveAsync((head[3] << 8) | head[4], cancellation);
        }

        Assert.That(client.HearsNothing());
        return client;
    }
}
