using System.Net;
using Telemt.Tests.EndToEnd;
using Telemt.Worker.Sessions;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.External;

/// <summary>Real SOCKS servers as upstreams: what our own fake would take, because it shares our reading of the RFCs, they may not.</summary>
[Category("External")]
[Platform("Linux")]
[CancelAfter(60_000)]
internal sealed class SocksTests
{
    private static readonly (string User, string Password) Login = ("phone", "s3cret");

    private SocksServer? _server;

    public enum Make
    {
        Dante,
        DanteWithPassword,
        Microsocks,
        MicrosocksWithPassword,
    }

    [TearDown]
    public void Stop() => _server?.Dispose();

    [Test]
    public async Task Socks5_OfRealServers_CarriesEveryForm([Values] Make make, CancellationToken cancellation)
    {
        await using var proxy = await StartAsync(make, "socks5", WithLogin(make), cancellation);

        foreach (var form in Form.All)
        {
            using var client = await proxy.EchoingAsync(form, cancellation: cancellation);
            await client.EchoMoreAsync(1_000_000, cancellation: cancellation);
        }

        Assert.That(proxy.Log.Count(3005), Is.Zero);
    }

    [Test]
    public async Task Socks5_TargetsOfIpv6AndByName_AreReached([Values(Make.Dante, Make.Microsocks)] Make make, CancellationToken cancellation)
    {
        Assume.That(System.Net.Sockets.Socket.OSSupportsIPv6);
        await using var v6 = ProxyFixture.NewTelegram(IPAddress.IPv6Loopback);
        await using var proxy = await StartAsync(make, "socks5", "", cancellation);
        await proxy.EditAsync(("dc_overrides.2", Text(v6.EndPoint)), ("dc_overrides.3", Text($"localhost:{proxy.Telegram.EndPoint.Port}")));

        Assert.That(await proxy.ServesAsync(Form.Tls, cancellation: cancellation), "by IPv6");
        Assert.That(v6.Accepted, Is.EqualTo(1));
        Assert.That(await proxy.ServesAsync(Form.Tls, dc: 3, cancellation: cancellation), "by name");
    }

    /// <summary>Names, which 4a has, Debian's dante 1.4.2 refuses from every client.</summary>
    [Test]
    public async Task Socks4_OfDante_CarriesEveryForm(CancellationToken cancellation)
    {
        await using var proxy = await StartAsync(Make.Dante, "socks4", ", user_id = \"phone\"", cancellation);

        foreach (var form in Form.All)
        {
            using var client = await proxy.EchoingAsync(form, cancellation: cancellation);
            await client.EchoMoreAsync(1_000_000, cancellation: cancellation);
        }
    }

    [Test]
    public async Task Login_ThatIsWrong_IsNamed(
        [Values(Make.DanteWithPassword, Make.MicrosocksWithPassword)] Make make, [Values] bool none, CancellationToken cancellation)
    {
        await using var proxy = await StartAsync(make, "socks5", none ? "" : ", username = \"phone\", password = \"wrong-word\"", cancellation);

        Assert.That(await proxy.ServesAsync(Form.Tls, cancellation: cancellation), Is.False);
        await proxy.EndedAsync(SessionEnd.DcUnreachable);
        Assert.That(
            proxy.Log.Of(3005).Single(),
            Does.Contain(none ? "wants a user and a password" : "refused user and password").And.Not.Contain("wrong-word"));
    }

    [TestCase(Make.Dante, "socks5", "SOCKS reply 5: connection refused")]
    [TestCase(Make.Microsocks, "socks5", "SOCKS reply 5: connection refused")]
    [TestCase(Make.Dante, "socks4", "SOCKS reply 91")]
    public async Task Target_ThatRefuses_IsNamedByTheServersReply(Make make, string type, string words, CancellationToken cancellation)
    {
        using var refusing = Ports.Refusing();
        await using var proxy = await StartAsync(make, type, "", cancellation);
        await proxy.EditAsync(("dc_overrides.2", Text(refusing.LocalEndPoint!)));

        Assert.That(await proxy.ServesAsync(Form.Tls, cancellation: cancellation), Is.False);
        await proxy.EndedAsync(SessionEnd.DcUnreachable);
        Assert.That(proxy.Log.Of(3005).Single(), Does.Contain(words));
    }

    /// <summary>The keys are made of both addresses, so what dante says of its own must be true.</summary>
    [Test]
    public async Task MiddleProxy_BehindDante_IsTalkedToUnderItsAddress([Values(Make.Dante, Make.DanteWithPassword)] Make make, CancellationToken cancellation)
    {
        _server = await StartServerAsync(make, cancellation);
        await using var it = await MiddleFixture.StartAsync(toml => toml.Set(("upstreams", Upstream("socks5", WithLogin(make)))));

        foreach (var form in Form.All)
        {
            using var client = await it.EchoingAsync(form, cancellation: cancellation);
            await MiddleFixture.EchoAsync(client, MiddleFixture.Message(300_000, 7), cancellation);
        }

        Assert.That(it.Status.Fallbacks, Is.Zero);
    }

    /// <summary>It answers 0.0.0.0:0: nobody can make keys of that, and the sessions go directly.</summary>
    [Test]
    public async Task MiddleProxy_BehindMicrosocks_IsNotTalkedTo(CancellationToken cancellation)
    {
        _server = await StartServerAsync(Make.Microsocks, cancellation);
        await using var it = await MiddleFixture.StartAsync(toml => toml.Set(("upstreams", Upstream("socks5", ""))));

        Assert.That(await it.Proxy.ServesAsync(Form.Tls, cancellation: cancellation), "directly");
        Assert.That(it.Status.Fallbacks, Is.EqualTo(1));
    }

    private async Task<ProxyFixture> StartAsync(Make make, string type, string login, CancellationToken cancellation)
    {
        _server = await StartServerAsync(make, cancellation);
        return await ProxyFixture.StartAsync(toml => toml.Set(("upstreams", Upstream(type, login))));
    }

    private static Task<SocksServer> StartServerAsync(Make make, CancellationToken cancellation) => make switch
    {
        Make.Dante => SocksServer.DanteAsync(null, cancellation),
        Make.DanteWithPassword => SocksServer.DanteAsync(Login, cancellation),
        Make.Microsocks => SocksServer.MicrosocksAsync(null, cancellation),
        _ => SocksServer.MicrosocksAsync(Login, cancellation),
    };

    private string Upstream(string type, string login) => $$"""[{ type = "{{type}}", address = "{{_server!.EndPoint}}"{{login}} }]""";

    private static string WithLogin(Make make) => make is Make.DanteWithPassword or Make.MicrosocksWithPassword
        ? $", username = \"{Login.User}\", password = \"{Login.Password}\""
        : "";
}
