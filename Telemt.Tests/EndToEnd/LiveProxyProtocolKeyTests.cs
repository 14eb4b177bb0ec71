using System.Net;
using System.Text;
using Telemt.Core;
using Telemt.Core.Gate;
using Telemt.Core.Wire;
using Telemt.Tests.Fakes;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>Edits of who tells us, and whom we tell, where a connection comes from.</summary>
internal sealed class LiveProxyProtocolKeyTests : LiveTests
{
    private const string Trusting = """[{ ip = "127.0.0.1", proxy_protocol = true, trusted = ["127.0.0.1"] }]""";
    private const string Plain = """[{ ip = "127.0.0.1" }]""";
    private const int Admitted = 3007;

    private static readonly ClientAddress Client = new(IPEndPoint.Parse("203.0.113.7:51234"));
    private static readonly ClientAddress Client6 = new(IPEndPoint.Parse("[2001:db8::7]:51234"));
    private static readonly ClientAddress Door = new(IPEndPoint.Parse("192.0.2.10:443"));

    [Test]
    [LiveKey("listeners.proxy_protocol")]
    public async Task ProxyProtocol_SwitchedOn_TheHeaderIsMandatoryAndNamesTheClient(
        [Values(1, 2)] int version, [Values] bool inPieces, CancellationToken cancellation)
    {
        await Proxy.EditAsync(("logging.level", Text("debug")));
        using var running = await Proxy.EchoingAsync(Form.Tls, cancellation: cancellation);
        var sockets = KernelSockets.Listeners(Proxy.Port);

        await Proxy.EditAsync(("listeners", Trusting));
        await FollowedByListenersAsync();
        using var balancer = new FakeBalancer(Proxy.Port, ProxyProtocolWriter.Write(version, Client, Door), inPieces);
        using var balancer6 = new FakeBalancer(Proxy.Port, ProxyProtocolWriter.Write(version, Client6, Door), inPieces);
        foreach (var form in Form.All)
        {
            Assert.That(await Proxy.ServesAsync(form, at: balancer.EndPoint, cancellation: cancellation), form.ToString());
        }

        Assert.That(await Proxy.ServesAsync(Form.Tls, at: balancer6.EndPoint, cancellation: cancellation));
        Assert.That(Proxy.Log.Of(Admitted).Count(line => line.Contains(" 203.0.113.7 is ")), Is.EqualTo(Form.All.Length));
        Assert.That(Proxy.Log.Of(Admitted).Last(), Does.Contain(" 2001:db8::7 is "));

        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation), Is.False, "without the header");
        await Wait.UntilAsync(() => Proxy.Sessions.CountOf(Refusal.ProxyHeader) == 1, "the refusal");
        Assert.That(Proxy.Log.Count(8102), Is.EqualTo(1), "the operator is told");

        await Proxy.EditAsync(("listeners", Plain));
        await FollowedByListenersAsync();
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        Assert.That(await Proxy.ServesAsync(Form.Tls, at: balancer.EndPoint, cancellation: cancellation), Is.False, "the header is no hello");
        await running.EchoMoreAsync(cancellation: cancellation);
        Assert.That(KernelSockets.Listeners(Proxy.Port), Is.EqualTo(sockets));
    }

    [Test]
    [LiveKey("listeners.trusted")]
    public async Task Trusted_Changed_OthersSeeTheSite(CancellationToken cancellation)
    {
        await Proxy.EditAsync(("listeners", Trusting.Replace("[\"127.0.0.1\"]", "[\"10.0.0.0/8\", \"2001:db8::/32\"]")));
        await FollowedByListenersAsync();
        using var balancer = new FakeBalancer(Proxy.Port, ProxyProtocolWriter.Write(1, Client, Door));
        Assert.That(await Proxy.ServesAsync(Form.Tls, at: balancer.EndPoint, cancellation: cancellation), Is.False);
        await Wait.UntilAsync(() => Proxy.Sessions.CountOf(Refusal.Untrusted) == 1, "the refusal");
        Assert.That(await Proxy.ProbeAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray(), cancellation), Is.EqualTo("a web site"));

        await Proxy.EditAsync(("listeners", Trusting));
        await FollowedByListenersAsync();
        Assert.That(await Proxy.ServesAsync(Form.Tls, at: balancer.EndPoint, cancellation: cancellation));
    }

    [Test]
    public async Task Header_NamesTheClient_PoliciesGoByIt(CancellationToken cancellation)
    {
        await Proxy.EditAsync(("listeners", Trusting), ("policies", """[{ sources = ["203.0.113.0/24"], allow = false }]"""));
        await FollowedByListenersAsync();
        using var refused = new FakeBalancer(Proxy.Port, ProxyProtocolWriter.Write(2, Client, Door));
        using var served = new FakeBalancer(Proxy.Port, ProxyProtocolWriter.Write(2, Client6, Door));

        Assert.That(await Proxy.ServesAsync(Form.Tls, at: refused.EndPoint, cancellation: cancellation), Is.False);
        Assert.That(await Proxy.ServesAsync(Form.Tls, at: served.EndPoint, cancellation: cancellation));
        Assert.That(Proxy.Sessions.CountOf(Refusal.Policy), Is.EqualTo(1));
    }

    [Test]
    public async Task Header_NamesNobody_TheBalancerItselfCounts([Values("PROXY UNKNOWN\r\n", "local")] string header, CancellationToken cancellation)
    {
        await Proxy.EditAsync(("listeners", Trusting), ("logging.level", Text("debug")));
        await FollowedByListenersAsync();
        var bytes = header == "local" ? Convert.FromHexString("0d0a0d0a000d0a515549540a20000000") : Encoding.ASCII.GetBytes(header);
        using var balancer = new FakeBalancer(Proxy.Port, bytes);

        Assert.That(await Proxy.ServesAsync(Form.Secure, at: balancer.EndPoint, cancellation: cancellation));
        Assert.That(Proxy.Log.Of(Admitted).Single(), Does.Contain(" 127.0.0.1 is "));
    }

    [Test]
    public async Task Header_NeverWhole_EndsInTime(CancellationToken cancellation)
    {
        await Proxy.EditAsync(("listeners", Trusting));
        await FollowedByListenersAsync();
        using var silent = await Proxy.KnockAsync(cancellation);
        using var slow = await Proxy.KnockAsync(cancellation);
        await slow.SendAsync("PROXY TCP4 203."u8.ToArray(), cancellation);
        await Wait.UntilAsync(() => Proxy.Sessions.PerLoop.Sum(loop => loop.Counters.Accepted) == 2, "the accepts");

        Proxy.Advance(TimeSpan.FromSeconds(4));
        await silent.EndsByResetAsync(cancellation);
        await slow.EndsByResetAsync(cancellation);
        await Wait.UntilAsync(() => Proxy.Sessions.CountOf(Refusal.ProxyHeader) == 2, "the refusals");
    }

    [Test]
    [LiveKey("fronting.proxy_protocol")]
    public async Task FrontingProxyProtocol_SwitchedOn_TheSiteIsToldWhoAsks([Values(1, 2)] int version, CancellationToken cancellation)
    {
        var request = "GET / HTTP/1.0\r\n\r\n"u8.ToArray();
        await Proxy.EditAsync(("fronting.proxy_protocol", version.ToString()));
        using var stranger = await Proxy.KnockAsync(cancellation);
        await stranger.SendAsync(request, cancellation);
        Assert.That(await stranger.ReceiveAsync(100, cancellation), Is.EqualTo("a web site"u8.ToArray()));

        var own = new ClientAddress((IPEndPoint)stranger.LocalEndPoint!);
        var ours = new ClientAddress((IPEndPoint)stranger.RemoteEndPoint!);
        Assert.That(Proxy.Site.Received.Single(), Is.EqualTo((byte[])[.. ProxyProtocolWriter.Write(version, own, ours), .. request]));

        await Proxy.EditAsync(("fronting.proxy_protocol", "0"));
        await Proxy.ProbeAsync(request, cancellation);
        Assert.That(Proxy.Site.Received.Last(), Is.EqualTo(request));
    }

    /// <summary>The listeners get what is theirs a moment behind the settings.</summary>
    private Task FollowedByListenersAsync() => Proxy.TurnAsync();
}
