using Telemt.Core.Client;
using Telemt.Core.Wire;
using Telemt.Tests.Fakes;
using Telemt.Worker;
using Telemt.Worker.Selftest;

namespace Telemt.Tests.EndToEnd;

/// <summary>What clients send arrives, and what the DC answers comes back, in every form, with and without fast mode.</summary>
[TestFixture(true)]
[TestFixture(false)]
[Category("EndToEnd")]
[Platform("Linux")]
[CancelAfter(120_000)]
internal sealed class TransferTests(bool fastMode)
{
    private const long Megabyte = 1024 * 1024;

    private ProxyFixture _proxy = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _proxy = await ProxyFixture.StartAsync(toml => toml["fast_mode"] = fastMode ? "true" : "false");

    [OneTimeTearDown]
    public ValueTask StopAsync() => _proxy.DisposeAsync();

    [SetUp]
    public void ForgetHeaders()
    {
        while (_proxy.Telegram.Headers.TryRead(out _))
        {
        }
    }

    [Test]
    public async Task Client_OfEveryFormAtEveryDc_HasItsBytesThroughUnchanged(
        [ValueSource(typeof(Form), nameof(Form.All))] Form form,
        [Values(1, 2, 5, -1, -4, 203, -203, 10002, -10003)] short dc,
        CancellationToken cancellation)
    {
        using var client = await _proxy.ConnectAsync(form, dc, cancellation: cancellation);
        await client.AskAsync(FakeMode.Echo, cancellation: cancellation);
        await client.EchoAsync(60_000, seed: dc, cancellation: cancellation);

        var seen = await _proxy.Telegram.Headers.ReadAsync(cancellation);
        Assert.That((seen.Tag, seen.Dc), Is.EqualTo((form.Tag, dc)));
    }

    [TestCase((short)77, (short)2, TestName = "{m}: unknown, so the default")]
    [TestCase((short)-77, (short)2, TestName = "{m}: unknown media, so the default")]
    [TestCase((short)254, (short)-2, TestName = "{m}: a signed byte")]
    public async Task Client_NamesAnOddDc_DcSeesTheOneMeant(short asked, short seen, CancellationToken cancellation)
    {
        using var client = await _proxy.EchoingAsync(Form.Tls, asked, cancellation: cancellation);

        Assert.That((await _proxy.Telegram.Headers.ReadAsync(cancellation)).Dc, Is.EqualTo(seen));
    }

    [Test]
    public async Task Client_64MiBEachWayAtOnce_EveryByteArrives(
        [Values(ClientMode.Tls, ClientMode.Classic)] ClientMode mode, CancellationToken cancellation)
    {
        using var client = await _proxy.ConnectAsync(mode == ClientMode.Tls ? Form.Tls : Form.Abridged, cancellation: cancellation);
        await client.AskAsync(FakeMode.Echo, cancellation: cancellation);
        await client.EchoAsync(64 * Megabyte, cancellation: cancellation);
    }

    [Test]
    public async Task Clients_ManyAtOnce_EachHasItsOwnBytes(CancellationToken cancellation)
    {
        await Task.WhenAll(Enumerable.Range(0, 24).Select(async i =>
        {
            using var client = await _proxy.ConnectAsync(Form.All[i % Form.All.Length], (short)(1 + (i % 5)), cancellation: cancellation);
            await client.AskAsync(FakeMode.Echo, cancellation: cancellation);
            await client.EchoAsync(Megabyte, seed: i, cancellation: cancellation);
        }));
    }

    /// <summary>TCP may cut anywhere: the hello, the record of the inner header, the frames.</summary>
    [Test]
    public async Task Client_WhoseBytesComeOneByOne_IsServed(
        [ValueSource(typeof(Form), nameof(Form.All))] Form form, CancellationToken cancellation)
    {
        var secret = ClientSecret.For(ProxyFixture.KeyOf("tele"), form.Mode, ProxyFixture.Domain);
        var client = new ProxyClient(secret, form.Tag, 2, new SystemRandomSource(), _proxy.Clock, HelloStyle.Legacy);
        using var socket = await _proxy.KnockAsync(cancellation);
        await SendOneByOneAsync(client.Hello);
        var flight = new List<byte>();
        var buffer = new byte[4096];
        while (client.Status == ServerFlightStatus.Read)
        {
            flight.AddRange(buffer.AsSpan(0, await socket.ReceiveAsync(buffer, cancellation)));
            client.Receive(flight.ToArray(), out _);
        }

        Assert.That(client.Status, Is.EqualTo(ServerFlightStatus.Accepted));
        var frame = new byte[FakeCommand.Size + Framing.MaxOverhead];
        var size = client.Framing.Write(new FakeCommand(FakeMode.SourceAndEnd, 5000).ToPayload(), quickAck: false, new SeededRandom(1), frame);
        var sealedFrame = new byte[ClientStream.MaxSealedSize(size)];
        await SendOneByOneAsync(sealedFrame.AsMemory(0, client.Stream.Seal(frame.AsSpan(0, size), sealedFrame)));

        var payload = new List<byte>();
        while (await socket.ReceiveAsync(buffer, cancellation) is > 0 and var count)
        {
            payload.AddRange(buffer.AsSpan(0, client.Stream.Open(buffer.AsSpan(0, count))));
        }

        Assert.That(payload, Has.Count.EqualTo(5000));
        Assert.That(BytePattern.FindDifference(payload.ToArray(), 0), Is.EqualTo(-1));

        async Task SendOneByOneAsync(ReadOnlyMemory<byte> bytes)
        {
            for (var i = 0; i < bytes.Length; i++)
            {
                await socket.SendAsync(bytes.Slice(i, 1), cancellation);
            }
        }
    }
}
