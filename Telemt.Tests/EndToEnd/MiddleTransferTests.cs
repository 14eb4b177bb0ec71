using System.Net;
using Telemt.Core.Client;
using Telemt.Core.Wire;
using Telemt.Tests.Fakes;
using Telemt.Worker.Selftest;
using Telemt.Worker.Selftest.Middle;
using Telemt.Worker.Sessions;

namespace Telemt.Tests.EndToEnd;

/// <summary>Sessions with an ad tag, through the real host to fake middle proxies: what arrives there, and what comes back.</summary>
[Category("EndToEnd")]
[Platform("Linux")]
[CancelAfter(60_000)]
internal sealed class MiddleTransferTests
{
    [Test]
    public async Task Messages_OfAllSizes_ComeThroughBothWays(
        [ValueSource(typeof(Form), nameof(Form.All))] Form form, [Values] bool crc32C, CancellationToken cancellation)
    {
        await using var it = await MiddleFixture.StartAsync(options: new FakeMiddleOptions { GrantCrc32C = crc32C });
        using var client = await it.EchoingAsync(form, cancellation: cancellation);
        foreach (var size in (int[])[56, 60, 500, 508, 512, 4096, 65_536, 262_144, 300_000, (1 << 20) - 64])
        {
            await MiddleFixture.EchoAsync(client, MiddleFixture.Message(size, size), cancellation);
        }

        Assert.That(it.Proxy.Sessions.CountOf(SessionStage.Client), Is.EqualTo(1));
        Assert.That(it.Status.Fallbacks, Is.Zero);
        Assert.That(it.Proxy.Telegram.Accepted, Is.Zero, "nothing went directly");
    }

    [Test]
    public async Task Messages_InPiecesOfAnySize_ComeThrough([ValueSource(typeof(Form), nameof(Form.All))] Form form, CancellationToken cancellation)
    {
        await using var it = await MiddleFixture.StartAsync();
        using var client = await it.EchoingAsync(form, cancellation: cancellation);
        var framing = Framing.For(form.Tag);
        var messages = Enumerable.Range(0, 60).Select(seed => MiddleFixture.Message(56 + (4 * seed * 7), seed)).ToList();
        var wire = new List<byte>();
        foreach (var message in messages)
        {
            var frame = new byte[message.Length + Framing.MaxOverhead];
            wire.AddRange(frame[..framing.Write(message, quickAck: false, new SeededRandom(message.Length), frame)]);
        }

        var random = new Random(4);
        var sending = Task.Run(
            async () =>
            {
                for (var at = 0; at < wire.Count;)
                {
                    var size = Math.Min(wire.Count - at, random.Next(4) == 0 ? random.Next(1, 4000) : random.Next(1, 5));
                    await client.SendAsync(wire.GetRange(at, size).ToArray(), cancellation);
                    at += size;
                }
            },
            cancellation);
        foreach (var message in messages)
        {
            await MiddleFixture.ExpectAsync(client, message, cancellation);
        }

        await sending;
    }

    [Test]
    public async Task QuickAck_Asked_ComesAsItsFramingHasIt([ValueSource(typeof(Form), nameof(Form.All))] Form form, CancellationToken cancellation)
    {
        await using var it = await MiddleFixture.StartAsync();
        using var client = await it.EchoingAsync(form, cancellation: cancellation);
        var message = MiddleFixture.Message(100, 5);

        await client.SendFrameAsync(message, quickAck: true, cancellation);

        var raw = FakeMiddleClient.TokenOf(message);
        Assert.That(await client.ReceiveFrameAsync(cancellation), Is.EqualTo(raw), "the token, in the order of the middle proxy");
        await MiddleFixture.ExpectAsync(client, message, cancellation);
    }

    [Test]
    public async Task Request_SaysWhoAsksAndForWhom(
        [ValueSource(typeof(Form), nameof(Form.All))] Form form, [Values] bool quickAck, [Values] bool encrypted, CancellationToken cancellation)
    {
        await using var it = await MiddleFixture.StartAsync();
        using var client = await it.Proxy.ConnectAsync(form, -4, cancellation: cancellation);
        var message = MiddleFixture.Message(64, 3);
        if (!encrypted)
        {
            ReqPq.WriteRequest(message.AsSpan(0, ReqPq.NonceSize), it.Proxy.Clock, message = new byte[ReqPq.RequestSize]);
        }

        await client.SendFrameAsync(message, quickAck, cancellation);
        var request = await it.Media.Requests.ReadAsync(cancellation);

        var expected = form.Tag switch
        {
            ProtocolTag.Abridged => 0x40021008u,
            ProtocolTag.Intermediate => 0x20021008u,
            _ => 0x28021008u,
        };
        Assert.That(request.Flags, Is.EqualTo(expected | (quickAck ? 0x80000000u : 0) | (encrypted ? 0 : 2u)));
        Assert.That(request.Tag, Is.EqualTo(MiddleFixture.Tag));
        Assert.That(request.Client, Is.EqualTo((IPEndPoint)client.Socket.LocalEndPoint!));
        Assert.That(request.Ours.Address, Is.EqualTo(IPAddress.Loopback));
        Assert.That(request.Message.Span[..message.Length].SequenceEqual(message));
        Assert.That(it.Middle.Accepted, Is.Zero, "media has a middle proxy of its own");
    }

    [Test]
    public async Task MiddleProxy_OfTheOtherFamily_IsReachedUnderItsAddresses(CancellationToken cancellation)
    {
        Assume.That(System.Net.Sockets.Socket.OSSupportsIPv6);
        await using var it = await MiddleFixture.StartAsync(options: new FakeMiddleOptions { EndPoint = new IPEndPoint(IPAddress.IPv6Loopback, 0) });
        using var client = await it.EchoingAsync(Form.Tls, cancellation: cancellation);
        var request = await it.Middle.Requests.ReadAsync(cancellation);

        Assert.That(request.Ours.Address, Is.EqualTo(IPAddress.IPv6Loopback));
        Assert.That(request.Client.Address, Is.EqualTo(IPAddress.Loopback), "the client's family is its own");
    }

    [Test]
    public async Task KeyExchange_ItsFirstQuestion_IsAnswered([ValueSource(typeof(Form), nameof(Form.All))] Form form, CancellationToken cancellation)
    {
        await using var it = await MiddleFixture.StartAsync();
        using var client = await it.Proxy.ConnectAsync(form, cancellation: cancellation);
        var (nonce, message) = (new byte[ReqPq.NonceSize], new byte[ReqPq.RequestSize]);
        new SeededRandom(6).Fill(nonce);
        ReqPq.WriteRequest(nonce, it.Proxy.Clock, message);
        await client.SendFrameAsync(message, cancellation);

        Assert.That(ReqPq.ReadAnswer(await client.ReceiveFrameAsync(cancellation), nonce, out _), Is.EqualTo(ReqPqAnswer.Ok));
    }

    [Test]
    public async Task ManyClients_ShareFewConnectionsAndNeverSeeEachOthersMessages(CancellationToken cancellation)
    {
        await using var it = await MiddleFixture.StartAsync(loops: 2);
        var clients = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => it.EchoingAsync(Form.All[i % 4], cancellation: cancellation)));
        await Task.WhenAll(clients.Select(async (client, i) =>
        {
            for (var round = 0; round < 10; round++)
            {
                await MiddleFixture.EchoAsync(client, MiddleFixture.Message(56 + (4 * (((i * 31) + round) % 300)), (i * 100) + round), cancellation);
            }
        }));

        Assert.That(it.Middle.Clients, Is.EqualTo(100));
        Assert.That(it.Middle.Live, Is.InRange(1, 4));
        Assert.That(it.Proxy.Sessions.CountOf(SessionStage.Client), Is.EqualTo(100));
        foreach (var client in clients)
        {
            client.Dispose();
        }

        await Wait.UntilAsync(() => it.Middle.Clients == 0, "the middle proxy to hear that they have gone");
        Assert.That(it.Middle.Live, Is.Positive, "connections last");
    }

    [Test]
    public async Task UnfitMessages_GoNowhereAndHarmNobody(CancellationToken cancellation)
    {
        await using var it = await MiddleFixture.StartAsync();
        using var client = await it.EchoingAsync(Form.Abridged, cancellation: cancellation);
        await client.SendFrameAsync(new byte[24], cancellation);
        await client.SendFrameAsync(MiddleFixture.Message(52, 1), cancellation);

        await MiddleFixture.EchoAsync(client, MiddleFixture.Message(56, 2), cancellation);
    }

    [Test]
    public async Task Frame_LongerThanAnyoneSends_EndsThatClientOnly(CancellationToken cancellation)
    {
        await using var it = await MiddleFixture.StartAsync();
        using var other = await it.EchoingAsync(Form.Tls, cancellation: cancellation);
        using var client = await it.EchoingAsync(Form.Intermediate, cancellation: cancellation);
        await client.SendAsync(BitConverter.GetBytes((1 << 20) + 16), cancellation);

        await it.Proxy.EndedAsync(SessionEnd.Protocol);
        await MiddleFixture.EchoAsync(other, MiddleFixture.Message(56, 2), cancellation);
    }

    [Test]
    public async Task ClientEnds_TheMiddleProxyIsTold_AndTheOtherWayRound([ValueSource(typeof(Form), nameof(Form.All))] Form form, CancellationToken cancellation)
    {
        await using var it = await MiddleFixture.StartAsync();
        using (var client = await it.EchoingAsync(form, cancellation: cancellation))
        {
            client.EndSending();
            Assert.That(await client.ReceiveAsync(new byte[1], cancellation), Is.Zero, "and hears the end");
        }

        await Wait.UntilAsync(() => it.Middle.Closed == 1, "the middle proxy to be told");
        await it.Proxy.EndedAsync(SessionEnd.ClientFinished);

        using var other = await it.Proxy.ConnectAsync(form, cancellation: cancellation);
        await other.SendFrameAsync(new FakeCommand(FakeMode.Close).ToMessage(), cancellation);
        Assert.That(await other.ReceiveAsync(new byte[1], cancellation), Is.Zero);
        other.EndSending();
        await it.Proxy.EndedAsync(SessionEnd.DcFinished);
        Assert.That(it.Middle.Closed, Is.EqualTo(1), "who said that it has ended is not told");
    }

    [Test]
    public async Task Download_OfManyFrames_IsTheSameBytes([ValueSource(typeof(Form), nameof(Form.All))] Form form, CancellationToken cancellation)
    {
        const int Length = 5_000_000;
        await using var it = await MiddleFixture.StartAsync();
        using var client = await it.Proxy.ConnectAsync(form, cancellation: cancellation);
        await client.SendFrameAsync(new FakeCommand(FakeMode.Source, Length).ToMessage(), cancellation);
        var reader = new FrameReader(Framing.For(form.Tag), FrameSource.Server);
        var buffer = new byte[100_000];
        var at = 0L;
        while (at < Length)
        {
            var received = await client.ReceiveAsync(buffer, cancellation);
            Assert.That(received, Is.Positive);
            Assert.That(Check(reader, buffer.AsSpan(0, received), ref at, Length), Is.True, $"bytes from {at}");
        }
    }

    private static bool Check(FrameReader reader, ReadOnlySpan<byte> input, ref long at, long length)
    {
        while (!input.IsEmpty)
        {
            if (reader.Step(ref input) != FrameStep.Frame)
            {
                continue;
            }

            var expected = (int)Math.Min(256 * 1024, length - at);
            if (reader.Payload.Length < expected || BytePattern.FindDifference(reader.Payload[..expected], at) >= 0)
            {
                return false;
            }

            at += expected;
        }

        return true;
    }
}
