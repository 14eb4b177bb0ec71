using System.Net;
using Telemt.Core.Routing;
using Telemt.Tests.Fakes;
using Telemt.Worker.Dialing;
using Telemt.Worker.Sessions;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>Ways to Telegram other than straight there.</summary>
[Category("EndToEnd")]
[Platform("Linux")]
[CancelAfter(60_000)]
internal sealed class UpstreamTests
{
    [Test]
    public async Task Socks5_OfEveryForm_CarriesBytesBothWays(
        [ValueSource(typeof(Form), nameof(Form.All))] Form form, CancellationToken cancellation)
    {
        using var socks = new FakeSocks();
        await using var proxy = await StartAsync($$"""{ type = "socks5", address = "{{socks.EndPoint}}" }""");

        using var client = await proxy.EchoingAsync(form, cancellation: cancellation);
        await client.EchoMoreAsync(300_000, cancellation: cancellation);
        Assert.That(socks.Asked, Is.EqualTo(new[] { $"5 {proxy.Telegram.EndPoint}" }));
    }

    [Test]
    public async Task Socks5_WithAPassword_LogsIn(CancellationToken cancellation)
    {
        using var socks = new FakeSocks { Login = ("alice", "s3cret ü") };
        await using var proxy = await StartAsync(
            $$"""{ type = "socks5", address = "localhost:{{socks.EndPoint.Port}}", username = "alice", password = "s3cret ü" }""");

        Assert.That(await proxy.ServesAsync(Form.Tls, cancellation: cancellation), "by the name of its host, too");
    }

    [Test]
    public async Task Socks4_WithAUser_ReachesAddressesAndNames(CancellationToken cancellation)
    {
        using var socks = new FakeSocks();
        await using var proxy = await StartAsync($$"""{ type = "socks4", address = "{{socks.EndPoint}}", user_id = "bob" }""");
        await proxy.EditAsync(("dc_overrides.3", Text($"dc.example.org:{proxy.Telegram.EndPoint.Port}")));

        Assert.That(await proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        Assert.That(await proxy.ServesAsync(Form.Tls, dc: 3, cancellation: cancellation));
        Assert.That(socks.Asked, Is.EqualTo(new[] { $"4 bob {proxy.Telegram.EndPoint}", $"4 bob dc.example.org:{proxy.Telegram.EndPoint.Port}" }));
    }

    [Test]
    public async Task Socks5_TargetOfIpv6AndByName_GoAsTheyAre(CancellationToken cancellation)
    {
        Assume.That(System.Net.Sockets.Socket.OSSupportsIPv6);
        await using var v6 = ProxyFixture.NewTelegram(IPAddress.IPv6Loopback);
        using var socks = new FakeSocks();
        await using var proxy = await StartAsync($$"""{ type = "socks5", address = "{{socks.EndPoint}}" }""");
        await proxy.EditAsync(
            ("dc_overrides.2", Text(v6.EndPoint)), ("dc_overrides.3", Text($"dc.example.org:{proxy.Telegram.EndPoint.Port}")));

        Assert.That(await proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        Assert.That(await proxy.ServesAsync(Form.Tls, dc: 3, cancellation: cancellation));
        Assert.That(socks.Asked, Is.EqualTo(new[] { $"5 ::1:{v6.EndPoint.Port}", $"5 dc.example.org:{proxy.Telegram.EndPoint.Port}" }));
    }

    [TestCase("refused", "connection refused")]
    [TestCase("password", "the SOCKS server refused user and password")]
    [TestCase("login", "the SOCKS server wants a user and a password")]
    [TestCase("code", "SOCKS reply 4: host unreachable")]
    [TestCase("mute", "the SOCKS server timed out")]
    [TestCase("silent", "the SOCKS server timed out")]
    [TestCase("device", "no such device")]
    [TestCase("address", "no such address on this host")]
    [TestCase("group", "no upstream of its group leads there")]
    public async Task Upstream_ThatFails_IsNamedByItsCauseInsideTheDeadline(string how, string words, CancellationToken cancellation)
    {
        using var refusing = Ports.Refusing();
        using var silent = new SilentPort();
        using var mute = new FakeSocks { IsMute = true };
        using var strict = new FakeSocks { Login = ("alice", "right") };
        using var helpless = new FakeSocks { Refusal = 4 };
        await using var proxy = await StartAsync(how switch
        {
            "refused" => $$"""{ type = "socks5", address = "{{refusing.LocalEndPoint}}" }""",
            "password" => $$"""{ type = "socks5", address = "{{strict.EndPoint}}", username = "alice", password = "wrong-word" }""",
            "login" => $$"""{ type = "socks5", address = "{{strict.EndPoint}}" }""",
            "code" => $$"""{ type = "socks5", address = "{{helpless.EndPoint}}" }""",
            "mute" => $$"""{ type = "socks5", address = "{{mute.EndPoint}}" }""",
            "silent" => $$"""{ type = "socks5", address = "{{silent.EndPoint}}" }""",
            "device" => """{ interface = "none0" }""",
            "address" => """{ interface = "192.0.2.77" }""",
            _ => """{ group = "other" }""",
        });

        Assert.That(await proxy.ServesAsync(Form.Tls, cancellation: cancellation), Is.False);
        await proxy.EndedAsync(SessionEnd.DcUnreachable);
        Assert.That(proxy.Log.Of(3005).Single(), Does.Contain(words).And.Not.Contain("wrong-word"));
    }

    [Test]
    public async Task Direct_BoundToAddresses_ComesFromThemInTurn(CancellationToken cancellation)
    {
        using var dc = Ports.Listening();
        await using var proxy = await StartAsync("""{ interface = ["127.0.0.11", "127.0.0.12"] }""");
        await proxy.EditAsync(("dc_overrides.2", Text(dc.LocalEndPoint!)));
        var from = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            using var client = await proxy.ConnectAsync(Form.Tls, cancellation: cancellation);
            await client.SendAsync(new byte[100], cancellation);
            using var atDc = await dc.AcceptAsync(cancellation);
            from.Add(((IPEndPoint)atDc.RemoteEndPoint!).Address.ToString());
        }

        Assert.That(from.Order(), Is.EqualTo(new[] { "127.0.0.11", "127.0.0.11", "127.0.0.12", "127.0.0.12" }));
        Assert.That(from[0], Is.EqualTo(from[2]).And.Not.EqualTo(from[1]));
    }

    [Test]
    public async Task Group_OfAUser_IsTheOnlyWayForHim(CancellationToken cancellation)
    {
        using var socks = new FakeSocks();
        await using var proxy = await StartAsync(
            "{ type = \"direct\" }", $$"""{ type = "socks5", address = "{{socks.EndPoint}}", group = "abroad" }""");
        await proxy.EditAsync(("users.hello", null), ("users.hello.secret", Text(ProxyFixture.SecretOf("hello"))), ("users.hello.upstreams", Text("abroad")));

        Assert.That(await proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        Assert.That(socks.Accepted, Is.Zero);
        Assert.That(await proxy.ServesAsync(Form.Tls, user: "hello", cancellation: cancellation));
        Assert.That(socks.Accepted, Is.EqualTo(1));
        socks.Dispose();
        Assert.That(await proxy.ServesAsync(Form.Tls, user: "hello", cancellation: cancellation), Is.False);
    }

    [Test]
    public async Task Group_ThatReachesNoDc_TheFallbackGroupStandsIn(CancellationToken cancellation)
    {
        using var refusing = Ports.Refusing();
        using var socks = new FakeSocks();
        await using var proxy = await StartAsync(
            $$"""{ type = "socks5", address = "{{refusing.LocalEndPoint}}" }""",
            $$"""{ type = "socks5", address = "{{socks.EndPoint}}", group = "fallback" }""");

        Assert.That(await proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        Assert.That(socks.Accepted, Is.EqualTo(1));
    }

    [Test]
    public async Task Connector_OffTheLoops_GoesByTheSameUpstreams(CancellationToken cancellation)
    {
        using var socks = new FakeSocks { Login = ("alice", "right") };
        using var site = new MaskSite("by SOCKS");
        await using var proxy = await StartAsync(
            $$"""{ type = "socks5", address = "{{socks.EndPoint}}", username = "alice", password = "right" }""");
        var connector = proxy.Service<UpstreamConnector>();

        await using var stream = await connector.ConnectAsync(
            UpstreamChoice.Default, new DnsEndPoint("site.example.org", site.Port), cancellation);
        await stream.WriteAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray(), cancellation);
        using var reader = new StreamReader(stream);
        Assert.That(await reader.ReadToEndAsync(cancellation), Does.Contain("by SOCKS"));

        socks.Dispose();
        var error = await Assert.ThrowsAsync<IOException>(
            async () => await connector.ConnectAsync(UpstreamChoice.Default, new IPEndPoint(IPAddress.Loopback, site.Port), cancellation));
        Assert.That(error!.Message, Does.Contain("by socks5-1: Connection refused"));
    }

    private static Task<ProxyFixture> StartAsync(params string[] upstreams) => ProxyFixture.StartAsync(toml => toml.Set(
        ("upstreams", $"[{string.Join(", ", upstreams)}]"), ("timeouts.connect", Text("1s")), ("timeouts.connect_stagger", Text("300ms"))));
}
