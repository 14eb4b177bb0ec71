using System.Net.Sockets;
using Telemt.Core.Gate;
using Telemt.Core.Policy;
using Telemt.Tests.Fakes;
using Telemt.Worker.Selftest;
using Telemt.Worker.Sessions;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>Edits of what one address may hold: its own strangers make room for its clients.</summary>
internal sealed class LiveSourceLimitKeyTests : LiveTests
{
    [Test]
    [LiveKey("limits.max_handshakes_per_ip")]
    public async Task MaxHandshakesPerIp_Lowered_TheOldestStrangerOfTheSourceIsMasked(CancellationToken cancellation)
    {
        using var oldest = await Proxy.KnockAsync(cancellation);
        using var second = await Proxy.KnockAsync(cancellation);
        await Wait.UntilAsync(() => Proxy.Sessions.CountOf(SessionStage.Stranger) == 2, "the accepts");

        await Proxy.EditAsync(("limits.max_handshakes_per_ip", "2"));
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation), "a client of the same address");
        await Wait.UntilAsync(() => Proxy.Sessions.CountOf(SessionStage.Masked) == 1, "the mask");

        await oldest.SendAsync("GET"u8.ToArray(), cancellation);
        Assert.That(await oldest.ReceiveAsync(new byte[100], cancellation), Is.Positive);
        await Wait.UntilAsync(() => Proxy.Sessions.CountOf(SessionStage.Stranger) == 1, "the second");
        oldest.Dispose();
        await Wait.UntilAsync(() => Proxy.Sessions.CountOf(Refusal.SourceHandshakes) == 1, "its cause");
    }

    [Test]
    [LiveKey("limits.max_per_ip")]
    public async Task MaxPerIp_Reached_ClientsStayAndTheNextIsMasked(
        [ValueSource(typeof(Form), nameof(Form.All))] Form form, CancellationToken cancellation)
    {
        await Proxy.EditAsync(("limits.max_per_ip", "2"));
        using var first = await Proxy.EchoingAsync(form, cancellation: cancellation);
        using var second = await Proxy.EchoingAsync(form, user: "hello", cancellation: cancellation);
        Assert.That(await Proxy.ServesAsync(form, cancellation: cancellation), Is.False);
        await Wait.UntilAsync(() => Proxy.Sessions.CountOf(Refusal.SourceConnections) == 1, "the refusal");
        Assert.That(Proxy.Site.Connections, Is.EqualTo(1), "masked, not told");

        await Proxy.EditAsync(("limits.max_per_ip", "3"));
        Assert.That(await Proxy.ServesAsync(form, cancellation: cancellation));
        await first.EchoMoreAsync(cancellation: cancellation);
        await second.EchoMoreAsync(cancellation: cancellation);
    }

    [Test]
    public async Task MaxPerIp_ReachedByStrangers_TheyMakeRoomForAClient(CancellationToken cancellation)
    {
        await Proxy.EditAsync(("limits.max_per_ip", "4"));
        var strangers = new List<Socket>();
        for (var i = 0; i < 20; i++)
        {
            strangers.Add(await Proxy.KnockAsync(cancellation));
        }

        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        Assert.That(Proxy.Service<Crowd>().Total, Is.LessThanOrEqualTo(6));
        strangers.ForEach(stranger => stranger.Dispose());
        await Wait.UntilAsync(() => Proxy.Service<SourceTable>().Count == 0, "nothing to be left of them");
        Assert.That(Proxy.Service<Crowd>().Total, Is.Zero);
    }

    [Test]
    public async Task Limits_OnSeveralLoops_AreExact(CancellationToken cancellation)
    {
        await using var proxy = await ProxyFixture.StartAsync(
            toml => toml.Set(("limits.max_connections", "6"), ("limits.max_per_ip", "4")), loops: 3);
        var clients = new List<ClientConnection>();
        await AddWhoGetIn();
        Assert.That(clients, Has.Count.EqualTo(4));
        await proxy.EditAsync(("limits.max_per_ip", "0"));
        await AddWhoGetIn();
        Assert.That(clients, Has.Count.EqualTo(6));
        Assert.That(proxy.Sessions.CountOf(Refusal.ServerFull), Is.Positive);
        clients.ForEach(client => client.Dispose());

        async Task AddWhoGetIn()
        {
            for (var i = 0; i < 16; i++)
            {
                try
                {
                    clients.Add(await proxy.EchoingAsync(Form.Tls, cancellation: cancellation));
                }
                catch (Exception e) when (e is InvalidDataException or EndOfStreamException or SocketException)
                {
                    // Masked, or closed.
                }
            }
        }
    }

    /// <summary>Whoever was served from an address is served from there again, whatever bogus hellos come from it.</summary>
    [Test]
    public async Task Backoff_BogusHellosOverManyUsers_AreNotScannedForAndSeeTheSite(CancellationToken cancellation)
    {
        const int Users = 9_000;
        await Proxy.EditAsync([.. Enumerable.Range(0, Users).Select(i => ($"users.u{i:d5}", (string?)Text(Key(i))))]);
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        var hello = Stranger.NamedHello(ProxyFixture.Domain);
        for (var i = 0; Proxy.Sessions.CountOf(Refusal.SourceBackoff) == 0 && i < 100; i++)
        {
            Assert.That(await Proxy.ProbeAsync(hello, cancellation), Is.EqualTo("a web site"));
        }

        Assert.That(await Proxy.ProbeAsync(hello, cancellation), Is.EqualTo("a web site"));
        Assert.That(Proxy.Sessions.CountOf(Refusal.SourceBackoff), Is.Positive);
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation), "the user who came from here before");

        static string Key(int i) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(i))[..16]);
    }
}
