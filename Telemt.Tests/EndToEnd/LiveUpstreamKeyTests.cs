using System.Net;
using Telemt.Tests.Fakes;
using Telemt.Worker.Selftest;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>Edits of the upstreams: new clients follow, running ones go on by what is gone.</summary>
internal sealed class LiveUpstreamKeyTests : LiveTests
{
    [Test]
    [LiveKey("upstreams.name")]
    [LiveKey("upstreams.type")]
    [LiveKey("upstreams.address")]
    [LiveKey("upstreams.username")]
    [LiveKey("upstreams.password")]
    public async Task Upstream_ReplacedByASocksServer_NewClientsGoByItAndRunningOnesStay(CancellationToken cancellation)
    {
        using var socks = new FakeSocks { Login = ("alice", "right") };
        using var running = await Proxy.EchoingAsync(Form.Tls, cancellation: cancellation);

        await EditAsync(Socks(socks, ", username = \"alice\", password = \"right\""));
        using var through = await Proxy.EchoingAsync(Form.Tls, cancellation: cancellation);
        Assert.That(socks.Accepted, Is.EqualTo(1));

        await EditAsync(Socks(socks, ", username = \"alice\", password = \"wrong\""));
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation), Is.False);

        await EditAsync("""{ name = "straight" }""");
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        await running.EchoMoreAsync(cancellation: cancellation);
        await through.EchoMoreAsync(cancellation: cancellation);
    }

    [Test]
    [LiveKey("upstreams.user_id")]
    public async Task UserId_Changed_TheServerIsToldIt(CancellationToken cancellation)
    {
        using var socks = new FakeSocks();
        await EditAsync($$"""{ type = "socks4", address = "{{socks.EndPoint}}", user_id = "bob" }""");

        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        Assert.That(socks.Asked.Single(), Does.StartWith("4 bob "));
    }

    [Test]
    [LiveKey("upstreams.interface")]
    public async Task Interface_Changed_SocketsComeFromThere(CancellationToken cancellation)
    {
        using var dc = Ports.Listening();
        await Proxy.EditAsync(("dc_overrides.2", Text(dc.LocalEndPoint!)), ("upstreams", """[{ interface = "127.0.0.21" }]"""));
        using var client = await Proxy.ConnectAsync(Form.Tls, cancellation: cancellation);
        await client.SendAsync(new byte[100], cancellation);
        using var atDc = await dc.AcceptAsync(cancellation);

        Assert.That(((IPEndPoint)atDc.RemoteEndPoint!).Address.ToString(), Is.EqualTo("127.0.0.21"));
    }

    [Test]
    [LiveKey("upstreams.weight")]
    [LiveKey("upstreams.enabled")]
    public async Task Weight_AndEnabled_DecideWhoIsUsed(CancellationToken cancellation)
    {
        using var first = new FakeSocks();
        using var second = new FakeSocks();

        await EditAsync(Socks(first, ", weight = 0"), Socks(second, ", weight = 5"));
        await ServeAsync(5);
        Assert.That((first.Accepted, second.Accepted), Is.EqualTo((0, 5)));

        await EditAsync(Socks(first, ", weight = 5"), Socks(second, ", weight = 0"));
        await ServeAsync(5);
        Assert.That((first.Accepted, second.Accepted), Is.EqualTo((5, 5)));

        await EditAsync(Socks(first, ", weight = 5, enabled = false"), Socks(second, ", weight = 0"));
        await ServeAsync(1);
        Assert.That((first.Accepted, second.Accepted), Is.EqualTo((5, 6)), "who weighs nothing stands in");

        async Task ServeAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation));
            }
        }
    }

    [Test]
    [LiveKey("upstreams.group")]
    [LiveKey("users.*.upstreams")]
    [LiveKey("defaults.upstreams")]
    [LiveKey("policies.upstreams")]
    public async Task Group_ChosenByUserDefaultOrPolicy_IsGoneBy(CancellationToken cancellation)
    {
        using var socks = new FakeSocks();
        var both = $$"""[{ type = "direct" }, { type = "socks5", address = "{{socks.EndPoint}}", group = "abroad" }]""";
        await Proxy.EditAsync(
            ("upstreams", both),
            ("users.hello", null),
            ("users.hello.secret", Text(ProxyFixture.SecretOf("hello"))),
            ("users.hello.upstreams", Text("abroad")));
        await ExpectAsync("tele", 0);
        await ExpectAsync("hello", 1);

        await Proxy.EditAsync(("users.hello.upstreams", null), ("defaults.upstreams", Text("abroad")));
        await ExpectAsync("tele", 2);
        await ExpectAsync("hello", 3);

        await Proxy.EditAsync(("defaults.upstreams", null), ("policies", """[{ users = ["hello"], upstreams = "abroad" }]"""));
        await ExpectAsync("tele", 3);
        await ExpectAsync("hello", 4);

        await Proxy.EditAsync(("policies", """[{ users = ["hello"], upstreams = ["abroad", "default"] }]"""));
        socks.Dispose();
        await ExpectAsync("hello", 4);

        async Task ExpectAsync(string user, int accepted)
        {
            Assert.That(await Proxy.ServesAsync(Form.Tls, user: user, cancellation: cancellation), user);
            Assert.That(socks.Accepted, Is.EqualTo(accepted));
        }
    }

    [Test]
    [LiveKey("upstreams.ipv6")]
    public async Task Ipv6_SwitchedOff_NoSuchTargetIsAskedFor(CancellationToken cancellation)
    {
        Assume.That(System.Net.Sockets.Socket.OSSupportsIPv6);
        await using var v6 = ProxyFixture.NewTelegram(IPAddress.IPv6Loopback);
        await Proxy.EditAsync(
            ("prefer_ipv6", "true"), ("dc_overrides.2", $"[{Text(v6.EndPoint)}, {Text(Proxy.Telegram.EndPoint)}]"));
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        Assert.That(v6.Accepted, Is.EqualTo(1));

        await EditAsync("{ ipv6 = false }");
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        Assert.That(v6.Accepted, Is.EqualTo(1));
    }

    [Test]
    [LiveKey("timeouts.connect_stagger")]
    public async Task ConnectStagger_Shortened_ASilentAddressIsJoinedThen(CancellationToken cancellation)
    {
        using var silent = new SilentPort();
        await Proxy.EditAsync(
            ("dc_overrides.2", $"[{Text(silent.EndPoint)}, {Text(Proxy.Telegram.EndPoint)}]"),
            ("timeouts.connect", "100"),
            ("timeouts.connect_stagger", "90"));
        using var late = await Proxy.ConnectAsync(Form.Tls, cancellation: cancellation);
        await late.AskAsync(FakeMode.Mute, cancellation: cancellation);
        await Proxy.SessionsAsync(1);
        Proxy.Advance(TimeSpan.FromSeconds(50));
        Assert.That(await Proxy.ServesAsync(Form.Tls, 3, cancellation: cancellation), "a turn of the loop later");
        Assert.That(Proxy.Telegram.Accepted, Is.EqualTo(1));
        Proxy.Advance(TimeSpan.FromSeconds(41));
        await Wait.UntilAsync(() => Proxy.Telegram.Accepted == 2, "the second address");

        await Proxy.EditAsync(("timeouts.connect_stagger", Text("50ms")), ("dc_overrides.4", Proxy.Toml["dc_overrides.2"]));
        Assert.That(await Proxy.ServesAsync(Form.Tls, 4, cancellation: cancellation));
    }

    private static string Socks(FakeSocks socks, string more = "") => $$"""{ type = "socks5", address = "{{socks.EndPoint}}"{{more}} }""";

    private Task EditAsync(params string[] upstreams) => Proxy.EditAsync(("upstreams", $"[{string.Join(", ", upstreams)}]"));
}
