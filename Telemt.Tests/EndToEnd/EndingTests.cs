using System.Buffers.Binary;
using System.Security.Cryptography;
using Telemt.Tests.Fakes;
using Telemt.Worker.Selftest;
using Telemt.Worker.Sessions;
using Telemt.Worker.Transport;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>However a side ends, or stops, the other one gets to see just that.</summary>
[Category("EndToEnd")]
[Platform("Linux")]
[CancelAfter(60_000)]
internal sealed class EndingTests
{
    private const int Megabyte = 1024 * 1024;

    [Test]
    public async Task ClientEndsItsSide_DcReadsAllOfItAndStillAnswers(
        [ValueSource(typeof(Form), nameof(Form.All))] Form form, CancellationToken cancellation)
    {
        await using var proxy = await ProxyFixture.StartAsync();
        using var client = await proxy.ConnectAsync(form, cancellation: cancellation);
        var bytes = new byte[700_001];
        BytePattern.Fill(bytes, 0);

        await client.AskAsync(FakeMode.Sink, cancellation: cancellation);
        await client.SendAsync(bytes, cancellation);
        client.EndSending();
        var report = await client.ReceiveExactlyAsync(40, cancellation);

        Assert.That(BinaryPrimitives.ReadInt64LittleEndian(report), Is.EqualTo(bytes.Length));
        Assert.That(report[8..], Is.EqualTo(SHA256.HashData(bytes)));
        Assert.That(await client.ReceiveAsync(new byte[1], cancellation), Is.Zero);
        await proxy.EndedAsync(SessionEnd.ClientFinished);
    }

    [Test]
    public async Task DcEndsItsSide_ClientReadsAllOfItAndMayStillSend(
        [ValueSource(typeof(Form), nameof(Form.All))] Form form, CancellationToken cancellation)
    {
        await using var proxy = await ProxyFixture.StartAsync();
        using var client = await proxy.ConnectAsync(form, cancellation: cancellation);

        await client.AskAsync(FakeMode.SourceAndEnd, 700_001, cancellation);
        await client.ExpectAsync(700_001, cancellation: cancellation);
        Assert.That(await client.ReceiveAsync(new byte[1], cancellation), Is.Zero);

        var before = BytesUp(proxy);
        await client.PushAsync(Megabyte, cancellation: cancellation);
        client.EndSending();

        await proxy.EndedAsync(SessionEnd.DcFinished);
        Assert.That(BytesUp(proxy) - before, Is.GreaterThanOrEqualTo(Megabyte), "what came after the DC's end went to it");
        await Wait.UntilAsync(() => proxy.Telegram.Live == 0, "the DC to see the client's end");
    }

    [Test]
    public async Task ClientResets_DcSeesAReset([ValueSource(typeof(Form), nameof(Form.All))] Form form, CancellationToken cancellation)
    {
        using var dc = Ports.Listening();
        await using var proxy = await ProxyFixture.StartAsync(toml => toml["dc_overrides.2"] = Text(dc.LocalEndPoint!));
        using var client = await proxy.ConnectAsync(form, cancellation: cancellation);
        await client.SendAsync(new byte[100], cancellation);
        using var atDc = await dc.AcceptAsync(cancellation);

        client.Socket.Reset();

        Assert.That(await atDc.EndsByResetAsync(cancellation));
        await proxy.EndedAsync(SessionEnd.ClientReset);
    }

    [Test]
    public async Task DcResets_ClientSeesAReset([ValueSource(typeof(Form), nameof(Form.All))] Form form, CancellationToken cancellation)
    {
        await using var proxy = await ProxyFixture.StartAsync();
        using var client = await proxy.ConnectAsync(form, cancellation: cancellation);
        await client.AskAsync(FakeMode.Reset, 10, cancellation);
        await client.SendAsync(new byte[10], cancellation);

        Assert.That(await client.Socket.EndsByResetAsync(cancellation));
        await proxy.EndedAsync(SessionEnd.DcReset);
    }

    /// <summary>Nobody reads from the client any more, and the DC says nothing: only the socket itself tells.</summary>
    [Test]
    public async Task ClientResets_WhileTheDcHoldsItsUploadBack_SessionEnds(CancellationToken cancellation)
    {
        await using var proxy = await ProxyFixture.StartAsync();
        using var client = await proxy.ConnectAsync(Form.Tls, cancellation: cancellation);
        await client.AskAsync(FakeMode.Stall, cancellation: cancellation);
        await PushUntilHeldBackAsync(proxy, client);

        client.Socket.Reset();

        await proxy.EndedAsync(SessionEnd.ClientReset);
        Assert.That(proxy.Held, Is.Zero);
    }

    [Test]
    public async Task ClientStopsReading_DcIsHeldBackAndTheOthersAreNot(
        [ValueSource(typeof(Form), nameof(Form.All))] Form form, CancellationToken cancellation)
    {
        await using var proxy = await ProxyFixture.StartAsync();
        using var other = await proxy.EchoingAsync(Form.Tls, cancellation: cancellation);
        using var client = await proxy.ConnectAsync(form, cancellation: cancellation);

        await client.AskAsync(FakeMode.Source, 200 * Megabyte, cancellation);
        await Wait.UntilAsync(() => proxy.Held > 0, "the client's socket to be full");
        await other.EchoMoreAsync(cancellation: cancellation);

        Assert.That(proxy.Held, Is.LessThanOrEqualTo(PipePool.PipeSize + BufferPool.ScratchSize));
        await client.ExpectAsync(40 * Megabyte, cancellation: cancellation);
        Assert.That(proxy.Held, Is.LessThanOrEqualTo(PipePool.PipeSize + BufferPool.ScratchSize));
    }

    [Test]
    public async Task DcStopsReading_ClientIsHeldBackAndMemoryBounded(CancellationToken cancellation)
    {
        await using var proxy = await ProxyFixture.StartAsync();
        using var client = await proxy.ConnectAsync(Form.Tls, cancellation: cancellation);
        await client.AskAsync(FakeMode.Stall, cancellation: cancellation);

        await PushUntilHeldBackAsync(proxy, client);

        Assert.That(proxy.Held, Is.Positive.And.LessThanOrEqualTo(2 * BufferPool.ScratchSize));
    }

    [Test]
    public async Task ManyClientsStopReading_MemoryStaysBelowItsLimitAndTheOthersAreServed(CancellationToken cancellation)
    {
        const int Limit = 1024 * 1024;
        await using var proxy = await ProxyFixture.StartAsync(toml => toml["limits.memory"] = Text("1MiB"), loops: 1);
        using var other = await proxy.EchoingAsync(Form.Abridged, cancellation: cancellation);
        var clients = await proxy.StalledUntilOneEndsAsync(cancellation);

        await proxy.EndedAsync(SessionEnd.Memory);
        Assert.That(proxy.Held, Is.LessThanOrEqualTo(Limit + BufferPool.ScratchSize));
        await other.EchoMoreAsync(cancellation: cancellation);

        clients.ForEach(client => client.Dispose());
        await proxy.SessionsAsync(1);
        Assert.That(proxy.Held, Is.Zero);
    }

    [Test]
    public async Task DcDies_InTheMiddleOfTransfers_ClientsSeeAResetAndTheNextAddressServes(CancellationToken cancellation)
    {
        await using var second = ProxyFixture.NewTelegram();
        await using var proxy = await ProxyFixture.StartAsync();
        await proxy.EditAsync(("dc_overrides.2", $"[{Text(proxy.Telegram.EndPoint)}, {Text(second.EndPoint)}]"));
        using var download = await proxy.ConnectAsync(Form.Tls, cancellation: cancellation);
        await download.AskAsync(FakeMode.Source, 1000L * Megabyte, cancellation);
        await download.ExpectAsync(Megabyte, cancellation: cancellation);
        using var both = await proxy.EchoingAsync(Form.Abridged, cancellation: cancellation);

        proxy.Telegram.Kill();

        Assert.That(await download.Socket.EndsByResetAsync(cancellation));
        Assert.That(await both.Socket.EndsByResetAsync(cancellation));
        await proxy.SessionsAsync(0);
        Assert.That(await proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        Assert.That(second.Accepted, Is.EqualTo(1));
    }

    private static long BytesUp(ProxyFixture proxy) => proxy.Sessions.PerLoop.Sum(loop => loop.Counters.BytesUp);

    /// <summary>Pushes until the proxy holds what the DC does not take, and the path takes no more.</summary>
    private static async Task PushUntilHeldBackAsync(ProxyFixture proxy, ClientConnection client)
    {
        var bytes = new byte[Megabyte];
        using var still = new CancellationTokenSource();
        var pushing = Task.Run(async () =>
        {
            while (true)
            {
                await client.SendAsync(bytes, still.Token);
            }
        });
        await Wait.UntilAsync(() => proxy.Held > 0, "the DC's socket to be full");
        await still.CancelAsync();
        Assert.That(async () => await pushing, Throws.InstanceOf<OperationCanceledException>());
    }
}
