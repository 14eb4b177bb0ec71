using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;
using Telemt.Core.Client;
using Telemt.Core.Wire;
using Telemt.Tests.Fakes;
using Telemt.Worker.Selftest;

namespace Telemt.Tests.Worker.Selftest;

[CancelAfter(30_000)]
internal sealed class FakeTelegramTests
{
    public static readonly ProtocolTag[] Tags = [ProtocolTag.Abridged, ProtocolTag.Intermediate, ProtocolTag.PaddedIntermediate];

    [Test]
    public async Task Connection_ReqPqInEveryFraming_ResPqAndTheHeadersIndex([ValueSource(nameof(Tags))] ProtocolTag tag, CancellationToken cancellation)
    {
        await using var telegram = Start();
        using var client = await ConnectAsync(telegram, tag, -203, cancellation);
        var (nonce, message) = (new byte[16], new byte[ReqPq.RequestSize]);
        new SeededRandom(4).Fill(nonce);
        ReqPq.WriteRequest(nonce, TimeProvider.System, message);
        await client.SendFrameAsync(message, cancellation);

        Assert.That(ReqPq.ReadAnswer(await client.ReceiveFrameAsync(cancellation), nonce, out _), Is.EqualTo(ReqPqAnswer.Ok));
        var header = await telegram.Headers.ReadAsync(cancellation);
        Assert.That((header.Tag, header.Dc), Is.EqualTo((tag, (short)-203)));
    }

    [Test]
    public async Task Connection_UnknownAuthKey_Minus404(CancellationToken cancellation)
    {
        await using var telegram = Start();
        using var client = await ConnectAsync(telegram, ProtocolTag.Intermediate, 2, cancellation);
        var message = new byte[88];
        message[0] = 1;
        await client.SendFrameAsync(message, cancellation);

        Assert.That(await client.ReceiveFrameAsync(cancellation), Is.EqualTo(new byte[] { 0x6c, 0xfe, 0xff, 0xff }));
    }

    [Test]
    public async Task Echo_ByCommand_SameBytesThenTheEnd([ValueSource(nameof(Tags))] ProtocolTag tag, CancellationToken cancellation)
    {
        await using var telegram = Start();
        using var client = await ConnectAsync(telegram, tag, 2, cancellation);
        var bytes = Pattern(100_000);
        await client.SendFrameAsync(new FakeCommand(FakeMode.Echo).ToPayload(), cancellation);
        await client.SendAsync(bytes, cancellation);
        client.EndSending();

        Assert.That(await client.ReceiveExactlyAsync(bytes.Length, cancellation), Is.EqualTo(bytes));
        Assert.That(await client.ReceiveAsync(new byte[1], cancellation), Is.Zero);
    }

    [Test]
    public async Task Sink_ByCommand_CountAndHashAtTheEnd(CancellationToken cancellation)
    {
        await using var telegram = Start();
        using var client = await ConnectAsync(telegram, ProtocolTag.PaddedIntermediate, 2, cancellation);
        var bytes = Pattern(300_001);
        await client.SendFrameAsync(new FakeCommand(FakeMode.Sink).ToPayload(), cancellation);
        await client.SendAsync(bytes, cancellation);
        client.EndSending();
        var report = await client.ReceiveExactlyAsync(40, cancellation);

        Assert.That(BinaryPrimitives.ReadInt64LittleEndian(report), Is.EqualTo(bytes.Length));
        Assert.That(report[8..], Is.EqualTo(SHA256.HashData(bytes)));
        Assert.That(await client.ReceiveAsync(new byte[1], cancellation), Is.Zero);
    }

    [Test]
    public async Task Source_ByCommand_ThePattern([Values] bool andEnd, CancellationToken cancellation)
    {
        await using var telegram = Start();
        using var client = await ConnectAsync(telegram, ProtocolTag.Abridged, 2, cancellation);
        await client.SendFrameAsync(new FakeCommand(andEnd ? FakeMode.SourceAndEnd : FakeMode.Source, 200_003).ToPayload(), cancellation);

        Assert.That(await client.ReceiveExactlyAsync(200_003, cancellation), Is.EqualTo(Pattern(200_003)));
        var next = client.ReceiveAsync(new byte[1], cancellation).AsTask();
        if (andEnd)
        {
            Assert.That(await next, Is.Zero);
        }
        else
        {
            Assert.That(next.IsCompleted, Is.False);
            client.EndSending();
            Assert.That(await next, Is.Zero);
        }
    }

    [Test]
    public async Task CloseAndReset_AfterTheirBytes_EndAsTheySay([Values(FakeMode.Close, FakeMode.Reset)] FakeMode mode, CancellationToken cancellation)
    {
        await using var telegram = Start();
        using var client = await ConnectAsync(telegram, ProtocolTag.Intermediate, 2, cancellation);
        await client.SendFrameAsync(new FakeCommand(mode, 10).ToPayload(), cancellation);
        await client.SendAsync(new byte[10], cancellation);
        var end = client.ReceiveAsync(new byte[1], cancellation).AsTask();
        if (mode == FakeMode.Close)
        {
            Assert.That(await end, Is.Zero);
        }
        else
        {
            Assert.That(async () => await end, Throws.InstanceOf<SocketException>().With.Property("SocketErrorCode").EqualTo(SocketError.ConnectionReset));
        }
    }

    [Test]
    public async Task Choose_ByIndex_DecidesBeforeTheFirstFrame(CancellationToken cancellation)
    {
        await using var telegram = Start(header => header.Dc == 3 ? new FakeCommand(FakeMode.Echo) : null);
        using var client = await ConnectAsync(telegram, ProtocolTag.Abridged, 3, cancellation);
        await client.SendAsync(new byte[] { 1, 2, 3 }, cancellation);

        Assert.That(await client.ReceiveExactlyAsync(3, cancellation), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public async Task Connection_NoHeaderOfOurs_FailsAndIsCounted(CancellationToken cancellation)
    {
        await using var telegram = Start();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(telegram.EndPoint, cancellation);
        await socket.SendAsync(Pattern(64), cancellation);

        Assert.That(await socket.ReceiveAsync(new byte[1], cancellation), Is.Zero);
        Assert.That(telegram.Failed, Is.EqualTo(1));
    }

    [Test]
    public async Task Kill_OpenAndStalledConnections_AllReset(CancellationToken cancellation)
    {
        await using var telegram = Start();
        using var idle = await ConnectAsync(telegram, ProtocolTag.Intermediate, 2, cancellation);
        using var stalled = await ConnectAsync(telegram, ProtocolTag.Intermediate, 2, cancellation);
        await idle.SendFrameAsync(new FakeCommand(FakeMode.Mute).ToPayload(), cancellation);
        await stalled.SendFrameAsync(new FakeCommand(FakeMode.Stall).ToPayload(), cancellation);
        await telegram.Headers.ReadAsync(cancellation);
        await telegram.Headers.ReadAsync(cancellation);
        telegram.Kill();

        Assert.That(async () => await idle.ReceiveAsync(new byte[1], cancellation), Throws.InstanceOf<SocketException>());
        Assert.That(async () => await stalled.ReceiveAsync(new byte[1], cancellation), Throws.InstanceOf<SocketException>());
        Assert.That(async () => await ConnectAsync(telegram, ProtocolTag.Intermediate, 2, cancellation), Throws.InstanceOf<SocketException>());
    }

    [Test]
    public void Start_BeyondLoopback_Refused() =>
        Assert.That(
            () => FakeTelegram.Start(new FakeTelegramOptions { EndPoint = new(System.Net.IPAddress.Any, 0) }, TimeProvider.System, new SeededRandom(1)),
            Throws.ArgumentException);

    private static FakeTelegram Start(Func<FakeHeader, FakeCommand?>? choose = null) =>
        FakeTelegram.Start(new FakeTelegramOptions { Choose = choose }, TimeProvider.System, new SystemRandom());

    private static Task<ClientConnection> ConnectAsync(FakeTelegram telegram, ProtocolTag tag, short dc, CancellationToken cancellation) =>
        ClientConnection.ConnectAsync(telegram.EndPoint, null, tag, dc, new SystemRandom(), TimeProvider.System, cancellation: cancellation);

    private static byte[] Pattern(int count)
    {
        var bytes = new byte[count];
        BytePattern.Fill(bytes, 0);
        return bytes;
    }

    private sealed class SystemRandom : Telemt.Core.IRandomSource
    {
        public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
    }
}
