using System.Net.Sockets;
using Telemt.Core.Gate;
using Telemt.Tests.Fakes;
using Telemt.Worker.Sessions;
using Telemt.Worker.Transport;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>Edits of times and limits: running sessions follow them.</summary>
internal sealed class LiveLimitKeyTests : LiveTests
{
    [Test]
    [LiveKey("timeouts.first_byte")]
    public async Task FirstByte_Shortened_ASilentConnectionIsMaskedThen(CancellationToken cancellation)
    {
        using var socket = await Proxy.KnockAsync(cancellation);
        await Wait.UntilAsync(() => Proxy.Sessions.CountOf(SessionStage.Stranger) == 1, "the accept");

        await Proxy.EditAsync(("timeouts.first_byte", "60"));
        Proxy.Advance(TimeSpan.FromSeconds(50));
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation), "a turn of the loop later");
        Assert.That(Proxy.Sessions.CountOf(SessionStage.Stranger), Is.EqualTo(1));
        Proxy.Advance(TimeSpan.FromSeconds(11));

        await Wait.UntilAsync(() => Proxy.Sessions.CountOf(SessionStage.Masked) == 1, "the mask");
    }

    [Test]
    [LiveKey("timeouts.handshake")]
    public async Task Handshake_Shortened_AClientThatStopsInTheMiddleIsDroppedThen(CancellationToken cancellation)
    {
        using var client = await Proxy.ConnectAsync(Form.Tls, cancellation: cancellation);

        await Proxy.EditAsync(("timeouts.handshake", "20"));
        Proxy.Advance(TimeSpan.FromSeconds(21));

        Assert.That(await client.Socket.EndsByResetAsync(cancellation), Is.False);
        await Wait.UntilAsync(() => Proxy.Sessions.CountOf(Refusal.Stalled) == 1, "the refusal");
    }

    [Test]
    [LiveKey("timeouts.connect")]
    public async Task Connect_Changed_BoundsTheWayToTheDc(CancellationToken cancellation)
    {
        using var silent = new SilentPort();
        await Proxy.EditAsync(("dc_overrides.2", Text(silent.EndPoint)), ("timeouts.connect", "60"));
        using var client = await Proxy.ConnectAsync(Form.Tls, cancellation: cancellation);
        await client.SendAsync(new byte[100], cancellation);
        await Proxy.SessionsAsync(1);

        Proxy.Advance(TimeSpan.FromSeconds(50));
        Assert.That(await Proxy.ServesAsync(Form.Tls, 3, cancellation: cancellation), "a turn of the loop later");
        Assert.That(Proxy.Sessions.CountOf(SessionEnd.DcUnreachable), Is.Zero);
        Proxy.Advance(TimeSpan.FromSeconds(11));

        await Proxy.EndedAsync(SessionEnd.DcUnreachable);
    }

    [Test]
    [LiveKey("timeouts.idle")]
    public async Task Idle_Shortened_AQuietSessionEndsThen(CancellationToken cancellation)
    {
        using var client = await Proxy.EchoingAsync(Form.Tls, cancellation: cancellation);

        await Proxy.EditAsync(("timeouts.idle", "60"));
        Proxy.Advance(TimeSpan.FromSeconds(50));
        await client.EchoMoreAsync(cancellation: cancellation);
        Proxy.Advance(TimeSpan.FromSeconds(61));

        await Proxy.EndedAsync(SessionEnd.Idle);
        await client.Socket.EndsByResetAsync(cancellation);
    }

    [Test]
    [LiveKey("timeouts.half_open")]
    public async Task HalfOpen_Changed_AHalfClosedSessionEndsThen(CancellationToken cancellation)
    {
        using var dc = Ports.Listening();
        await Proxy.EditAsync(("dc_overrides.2", Text(dc.LocalEndPoint!)));
        using var client = await Proxy.ConnectAsync(Form.Tls, cancellation: cancellation);
        await client.SendAsync(new byte[100], cancellation);
        client.EndSending();
        using var atDc = await dc.AcceptAsync(cancellation);
        Assert.That(await atDc.EndsByResetAsync(cancellation), Is.False, "the client's end");

        await Proxy.EditAsync(("timeouts.half_open", "10"));
        Proxy.Advance(TimeSpan.FromSeconds(7));
        Assert.That(await Proxy.ServesAsync(Form.Tls, 3, cancellation: cancellation), "a turn of the loop later");
        Assert.That(Proxy.Sessions.CountOf(SessionEnd.HalfOpen), Is.Zero);
        Proxy.Advance(TimeSpan.FromSeconds(4));

        await Proxy.EndedAsync(SessionEnd.HalfOpen);
    }

    [Test]
    [LiveKey("limits.max_connections")]
    public async Task MaxConnections_ReachedByClients_NobodyIsEndedForANewOne(CancellationToken cancellation)
    {
        await Proxy.EditAsync(("limits.max_connections", "2"));
        using var first = await Proxy.EchoingAsync(Form.Tls, cancellation: cancellation);
        using var second = await Proxy.EchoingAsync(Form.Tls, cancellation: cancellation);
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation), Is.False);

        await Proxy.EditAsync(("limits.max_connections", "3"));
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        await first.EchoMoreAsync(cancellation: cancellation);
        await second.EchoMoreAsync(cancellation: cancellation);
    }

    [Test]
    public async Task MaxConnections_ReachedByStrangers_TheyMakeRoomForAClient(CancellationToken cancellation)
    {
        await Proxy.EditAsync(("limits.max_connections", "5"));
        var strangers = new List<Socket>();
        for (var i = 0; i < 20; i++)
        {
            strangers.Add(await Proxy.KnockAsync(cancellation));
        }

        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        Assert.That(Proxy.Sessions.PerLoop[0].Counters.Evicted, Is.GreaterThanOrEqualTo(16));
        strangers.ForEach(stranger => stranger.Dispose());
    }

    [Test]
    [LiveKey("limits.max_handshakes")]
    public async Task MaxHandshakes_Lowered_TheOldestStrangerIsMasked(CancellationToken cancellation)
    {
        using var oldest = await Proxy.KnockAsync(cancellation);
        using var second = await Proxy.KnockAsync(cancellation);
        await Wait.UntilAsync(() => Proxy.Sessions.CountOf(SessionStage.Stranger) == 2, "the accepts");

        await Proxy.EditAsync(("limits.max_handshakes", "2"));
        using var third = await Proxy.KnockAsync(cancellation);
        await Wait.UntilAsync(() => Proxy.Sessions.CountOf(SessionStage.Masked) == 1, "the mask");

        // A web server that waits for the first request, to whoever asks late.
        await oldest.SendAsync("GET"u8.ToArray(), cancellation);
        Assert.That(await oldest.ReceiveAsync(new byte[100], cancellation), Is.Positive);
        Assert.That(Proxy.Sessions.CountOf(SessionStage.Stranger), Is.EqualTo(2));
    }

    [Test]
    [LiveKey("limits.memory")]
    public async Task Memory_Lowered_ClientsWhoStopReadingEndAtTheNewLimit(CancellationToken cancellation)
    {
        const int Limit = 1024 * 1024;
        using var running = await Proxy.EchoingAsync(Form.Tls, cancellation: cancellation);

        await Proxy.EditAsync(("limits.memory", Text("1MiB")));
        var clients = await Proxy.StalledUntilOneEndsAsync(cancellation);

        await Proxy.EndedAsync(SessionEnd.Memory);
        Assert.That(Proxy.Held, Is.LessThanOrEqualTo(Limit + BufferPool.ScratchSize));
        await running.EchoMoreAsync(cancellation: cancellation);
        clients.ForEach(client => client.Dispose());
    }
}
