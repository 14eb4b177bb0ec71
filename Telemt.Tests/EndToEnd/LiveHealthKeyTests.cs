using Telemt.Tests.Fakes;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>A way that fails is avoided, asked again, and used again; edits of [health] are in force at once.</summary>
internal sealed class LiveHealthKeyTests : LiveTests
{
    private const int PathDown = 8000;
    private const int PathUp = 8001;
    private const int UpstreamDown = 8002;
    private const int UpstreamUp = 8003;

    [Test]
    [LiveKey("health.threshold")]
    [LiveKey("health.recover")]
    [LiveKey("health.interval")]
    public async Task Address_ThatFails_IsAvoidedAskedAgainAndUsedAgain(CancellationToken cancellation)
    {
        var port = Ports.Free();
        await Proxy.EditAsync(
            ("dc_overrides.2", $"[{Text($"127.0.0.1:{port}")}, {Text(Proxy.Telegram.EndPoint)}]"),
            ("health.threshold", "2"),
            ("health.recover", "3"));
        await ServeAsync(1);
        Assert.That(Proxy.Log.Count(PathDown), Is.Zero);
        await LaterAsync("29");
        await Wait.UntilAsync(() => Proxy.Log.Count(PathDown) == 1, "the probe, which makes it two failures");

        await using var recovered = ProxyFixture.NewTelegram(port: port);
        await ServeAsync(1);
        Assert.That(recovered.Accepted, Is.Zero, "sessions leave it alone");

        await LaterAsync("28");
        await Wait.UntilAsync(() => Proxy.Log.Count(PathUp) == 1, "the address to be found well");
        Assert.That(recovered.Accepted, Is.EqualTo(3), "as often as health.recover says");
        await ServeAsync(1);
        Assert.That(recovered.Accepted, Is.EqualTo(4));

        async Task ServeAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation));
            }
        }
    }

    [Test]
    public async Task Upstream_WhoseServerComesBack_IsUsedAgainWithoutARestart(CancellationToken cancellation)
    {
        var at = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, Ports.Free());
        await Proxy.EditAsync(("upstreams", $$"""[{ type = "socks5", address = "{{at}}" }, { type = "direct", weight = 0 }]"""));
        for (var i = 0; i < 3; i++)
        {
            Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation), "by the one that stands in");
        }

        Assert.That(Proxy.Log.Count(UpstreamDown), Is.EqualTo(1));

        using var socks = new FakeSocks(at);
        await LaterAsync("29");
        await Wait.UntilAsync(() => Proxy.Log.Count(UpstreamUp) == 1, "the upstream to be found well");
        var asked = socks.Asked.Count;
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        Assert.That(socks.Asked, Has.Count.EqualTo(asked + 1));
    }

    [Test]
    [LiveKey("health.timeout")]
    public async Task Probe_OfAnAddressThatKeepsSilent_EndsInItsTimeAndItStaysAvoided(CancellationToken cancellation)
    {
        using var dc = Ports.Listening();
        var (port, rest) = (Ports.PortOf(dc), Proxy.Telegram.EndPoint);
        dc.Dispose();
        await Proxy.EditAsync(
            ("dc_overrides.2", $"[{Text($"127.0.0.1:{port}")}, {Text(rest)}]"), ("health.threshold", "1"), ("health.timeout", "1"));
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        Assert.That(Proxy.Log.Count(PathDown), Is.EqualTo(1));

        using var mute = Ports.Listening(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, port));
        await LaterAsync("29");
        using var probe = await mute.AcceptAsync(cancellation);
        var question = new byte[1024];
        Assert.That(await probe.ReceiveAsync(question, cancellation), Is.GreaterThan(64), "a header and a question");
        Assert.That(await probe.ReceiveAsync(question, cancellation), Is.Zero, "given up after health.timeout");
        Assert.That(Proxy.Log.Count(PathUp), Is.Zero, "an open port is no answer");
    }

    /// <summary>So much later that a pause of the new length is over, and the edit is what wakes the one who waits.</summary>
    private Task LaterAsync(string interval)
    {
        Proxy.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromMilliseconds(500));
        return Proxy.EditAsync(("health.interval", interval));
    }
}
