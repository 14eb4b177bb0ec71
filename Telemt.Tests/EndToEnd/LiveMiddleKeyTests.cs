using Telemt.Tests.Fakes;
using Telemt.Worker.Sessions;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>Edits of ad tags and of [middle_proxy]: new sessions go by them, running ones stay where they are.</summary>
[Category("EndToEnd")]
[Platform("Linux")]
[CancelAfter(60_000)]
internal sealed class LiveMiddleKeyTests
{
    private const string Third = "00112233445566778899aabbccddeeff";

    private MiddleFixture _it = null!;

    [SetUp]
    public async Task StartAsync() => _it = await MiddleFixture.StartAsync();

    [TearDown]
    public ValueTask StopAsync() => _it.DisposeAsync();

    [Test]
    [LiveKey("ad_tag")]
    public async Task AdTag_Changed_NewSessionsHaveItAndRunningOnesKeepTheirs(CancellationToken cancellation)
    {
        using var running = await _it.EchoingAsync(Form.Tls, cancellation: cancellation);
        await _it.EditAsync(("ad_tag", Text(MiddleFixture.OtherTag)));
        Assert.That((await _it.RequestAsync(Form.Tls, cancellation: cancellation)).Tag, Is.EqualTo(MiddleFixture.OtherTag));

        await MiddleFixture.EchoAsync(running, MiddleFixture.Message(60, 1), cancellation);
        var (tag, id) = ("", 0L);
        while (_it.Middle.Requests.TryRead(out var request))
        {
            (tag, id) = (request.Tag!, request.Id);
        }

        Assert.That(tag, Is.EqualTo(MiddleFixture.Tag), $"client {id}");

        await _it.EditAsync(("ad_tag", null));
        Assert.That(await _it.Proxy.ServesAsync(Form.Tls, cancellation: cancellation), "directly");
        Assert.That(_it.Proxy.Telegram.Accepted, Is.EqualTo(1));
        await MiddleFixture.EchoAsync(running, MiddleFixture.Message(60, 2), cancellation);
    }

    [Test]
    [LiveKey("users.*.ad_tag")]
    [LiveKey("defaults.ad_tag")]
    [LiveKey("policies.ad_tag")]
    public async Task AdTags_OfUserDefaultsAndPolicy_GoBeforeTheGlobalOne(CancellationToken cancellation)
    {
        await _it.EditAsync(
            ("users.tele", null), ("users.tele.secret", Text(ProxyFixture.SecretOf("tele"))), ("users.tele.ad_tag", Text(MiddleFixture.OtherTag)));
        Assert.That((await _it.RequestAsync(Form.Secure, cancellation: cancellation)).Tag, Is.EqualTo(MiddleFixture.OtherTag));
        Assert.That((await _it.RequestAsync(Form.Secure, user: "hello", cancellation: cancellation)).Tag, Is.EqualTo(MiddleFixture.Tag));

        await _it.EditAsync(("defaults.ad_tag", Text(Third)));
        Assert.That((await _it.RequestAsync(Form.Secure, cancellation: cancellation)).Tag, Is.EqualTo(MiddleFixture.OtherTag));
        Assert.That((await _it.RequestAsync(Form.Secure, user: "hello", cancellation: cancellation)).Tag, Is.EqualTo(Third));

        const string Other = "other.example.com";
        await _it.EditAsync(
            ("tls_domains", $"[{Text(Other)}]"), ("policies", $"[{{ sni = [{Text(Other)}], ad_tag = {Text(MiddleFixture.Tag)} }}]"));
        Assert.That((await _it.RequestAsync(Form.Tls, domain: Other, cancellation: cancellation)).Tag, Is.EqualTo(MiddleFixture.Tag));
        Assert.That((await _it.RequestAsync(Form.Tls, cancellation: cancellation)).Tag, Is.EqualTo(MiddleFixture.OtherTag));
    }

    [Test]
    public async Task Upstreams_Changed_MiddleConnectionsComeAboutByThem(CancellationToken cancellation)
    {
        using var running = await _it.EchoingAsync(Form.Tls, cancellation: cancellation);
        using var socks = new Fakes.FakeSocks();
        await _it.EditAsync(("upstreams", $$"""[{ type = "socks5", address = "{{socks.EndPoint}}" }]"""));
        Assert.That(await _it.ServesAsync(Form.Tls, cancellation: cancellation), "its bound address makes the keys");
        Assert.That(socks.Asked, Is.EqualTo((string[])[$"5 {_it.Middle.EndPoint}"]));
        Assert.That((await _it.RequestAsync(Form.Tls, cancellation: cancellation)).Tag, Is.EqualTo(MiddleFixture.Tag));
        await MiddleFixture.EchoAsync(running, MiddleFixture.Message(60, 1), cancellation);

        using var silent = new Fakes.FakeSocks { TellsBound = false };
        await _it.EditAsync(("upstreams", $$"""[{ type = "socks5", address = "{{silent.EndPoint}}" }]"""));
        Assert.That(await _it.Proxy.ServesAsync(Form.Tls, cancellation: cancellation), "directly, without its tag");
        Assert.That(_it.Proxy.Log.Of(8401).First(), Does.Contain("does not say which address it goes out by"));
        Assert.That(_it.Status.Fallbacks, Is.EqualTo(1));
    }

    [Test]
    [LiveKey("middle_proxy.enabled")]
    public async Task Enabled_SwitchedOff_NewSessionsGoDirectlyAndRunningOnesStay(CancellationToken cancellation)
    {
        using var running = await _it.EchoingAsync(Form.Tls, cancellation: cancellation);
        await _it.EditAsync(("middle_proxy.enabled", "false"));

        Assert.That(await _it.Proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        Assert.That(_it.Proxy.Telegram.Accepted, Is.EqualTo(1));
        await MiddleFixture.EchoAsync(running, MiddleFixture.Message(60, 1), cancellation);
        Assert.That(_it.Middle.Live, Is.EqualTo(1));

        running.Dispose();
        await Wait.UntilAsync(() => _it.Middle.Live == 0, "the connection to end with its last client");

        await _it.EditAsync(("middle_proxy.enabled", null));
        Assert.That(await _it.ServesAsync(Form.Tls, cancellation: cancellation));
    }

    [Test]
    [LiveKey("middle_proxy.config_file")]
    public async Task List_Changed_NewSessionsGoThereAndTheOldConnectionDrains(CancellationToken cancellation)
    {
        using var running = await _it.EchoingAsync(Form.Tls, cancellation: cancellation);
        var other = _it.NewMiddle();
        _it.WriteList((2, other.EndPoint));
        await Wait.UntilAsync(() => _it.Proxy.Log.Of(8410).Count() == 3, "the file to be read again");

        Assert.That((await _it.RequestAsync(Form.Tls, at: other, cancellation: cancellation)).Tag, Is.EqualTo(MiddleFixture.Tag));
        await MiddleFixture.EchoAsync(running, MiddleFixture.Message(60, 1), cancellation);
        running.Dispose();
        await Wait.UntilAsync(() => _it.Middle.Live == 0, "the old connection to end with its last client");

        var file = Path.ChangeExtension(_it.ListFile, ".2");
        File.WriteAllText(file, $"default 2; proxy_for 2 {_it.Media.EndPoint};");
        await _it.EditAsync(("middle_proxy.config_file", Text(file)));
        await Wait.UntilAsync(() => _it.Proxy.Log.Of(8410).Any(line => line.Contains(file)), "the other file");
        Assert.That((await _it.RequestAsync(Form.Tls, at: _it.Media, cancellation: cancellation)).Tag, Is.EqualTo(MiddleFixture.Tag));
    }

    [Test]
    [LiveKey("middle_proxy.secret_file")]
    public async Task Secret_Changed_NewConnectionsHaveIt(CancellationToken cancellation)
    {
        var other = Path.ChangeExtension(_it.SecretFile, ".2");
        var wrong = _it.Secret.Bytes.ToArray();
        wrong[0] ^= 1;
        File.WriteAllBytes(other, wrong);
        _it.FailuresAreMeant = true;
        using var running = await _it.EchoingAsync(Form.Tls, cancellation: cancellation);

        await _it.EditAsync(("middle_proxy.secret_file", Text(other)));
        await Wait.UntilAsync(() => _it.Proxy.Log.Of(8410).Any(line => line.Contains(other)), "the other file");
        Assert.That(await _it.ServesAsync(Form.Tls, cancellation: cancellation), "a connection that stands is good");
        Assert.That(await _it.Proxy.ServesAsync(Form.Tls, -4, cancellation: cancellation), "directly: a new one is not");
        Assert.That(_it.Status.Fallbacks, Is.EqualTo(1));
        await MiddleFixture.EchoAsync(running, MiddleFixture.Message(60, 1), cancellation);
    }

    [Test]
    [LiveKey("middle_proxy.fallback_direct")]
    public async Task FallbackDirect_SwitchedOff_SessionsEndRatherThanGoWithoutTheirTag(CancellationToken cancellation)
    {
        _it.Middle.Kill();
        await _it.EditAsync(("middle_proxy.fallback_direct", "false"), ("timeouts.connect", "1"));
        Assert.That(await _it.Proxy.ServesAsync(Form.Tls, cancellation: cancellation), Is.False);
        await _it.Proxy.EndedAsync(SessionEnd.MiddleUnreachable);
        Assert.That(_it.Proxy.Log.Count(8405), Is.EqualTo(1));
        Assert.That((_it.Status.Unserved, _it.Status.Fallbacks), Is.EqualTo((1, 0)));

        await _it.EditAsync(("middle_proxy.fallback_direct", null));
        Assert.That(await _it.Proxy.ServesAsync(Form.Tls, cancellation: cancellation));
    }

    [Test]
    [LiveKey("middle_proxy.client_queue")]
    public async Task ClientQueue_Changed_NewSessionsHaveIt(CancellationToken cancellation)
    {
        await _it.EditAsync(("middle_proxy.client_queue", Text("64MiB")));
        using var patient = await _it.Proxy.ConnectAsync(Form.Tls, cancellation: cancellation);
        await patient.SendFrameAsync(new Telemt.Worker.Selftest.FakeCommand(Telemt.Worker.Selftest.FakeMode.Source, 20_000_000).ToMessage(), cancellation);
        await Wait.UntilAsync(() => _it.Proxy.Sessions.PerLoop[0].TotalBytes().Down >= 20_000_000, "all of it to be kept");

        await _it.EditAsync(("middle_proxy.client_queue", Text("1MiB")));
        using var other = await _it.Proxy.ConnectAsync(Form.Tls, cancellation: cancellation);
        await other.SendFrameAsync(new Telemt.Worker.Selftest.FakeCommand(Telemt.Worker.Selftest.FakeMode.Source, 20_000_000).ToMessage(), cancellation);
        await _it.Proxy.EndedAsync(SessionEnd.ClientQueue);
        Assert.That(_it.Proxy.Sessions.CountOf(SessionStage.Client), Is.EqualTo(1));
    }

    [Test]
    [LiveKey("middle_proxy.secret_url")]
    [LiveKey("middle_proxy.config_url")]
    [LiveKey("middle_proxy.config_url_v6")]
    [LiveKey("middle_proxy.refresh")]
    public async Task Urls_TakeTheFilesPlace_LastGoodIsKept(CancellationToken cancellation)
    {
        using var web = new ListServer
        {
            ["/secret"] = _it.Secret.Bytes.ToArray(),
            ["/list"] = System.Text.Encoding.ASCII.GetBytes($"default 2;\nproxy_for 2 {_it.Media.EndPoint};\n"),
            ["/list6"] = System.Text.Encoding.ASCII.GetBytes("default 2;\nproxy_for 7 [::1]:9;\n"),
        };
        await _it.EditAsync(
            ("state", Text(Path.GetDirectoryName(_it.ListFile)! + "/state")),
            ("middle_proxy.refresh", Text("1h")),
            ("middle_proxy.secret_file", null),
            ("middle_proxy.secret_url", Text(web.Url("/secret"))),
            ("middle_proxy.config_file", null),
            ("middle_proxy.config_url", Text(web.Url("/list"))),
            ("middle_proxy.config_url_v6", Text(web.Url("/list6"))));
        await Wait.UntilAsync(() => _it.Proxy.Log.Of(8410).Count(line => line.Contains("http:")) == 3, "all three downloads");
        Assert.That((await _it.RequestAsync(Form.Tls, at: _it.Media, cancellation: cancellation)).Tag, Is.EqualTo(MiddleFixture.Tag));

        // A portal in between answers with its page: refused, and asked again after a while. The clock moves no timers; an edit looks.
        web["/list"] = "<html>log in</html>"u8.ToArray();
        var asked = web.Asked("/list");
        _it.Proxy.Advance(TimeSpan.FromHours(1.2));
        await _it.EditAsync(("strict", "true"));
        await Wait.UntilAsync(() => web.Asked("/list") > asked, "the refresh");
        await Wait.UntilAsync(() => _it.Proxy.Log.Count(8411) == 1, "the refusal");
        Assert.That(_it.Proxy.Log.Of(8411).Single(), Does.Contain("the last good one stays in use"));
        Assert.That((await _it.RequestAsync(Form.Tls, at: _it.Media, cancellation: cancellation)).Tag, Is.EqualTo(MiddleFixture.Tag));

        // The web server's clock is the real one; ours is more than an hour ahead by now.
        Assert.That(_it.Proxy.Log.Of(8412).First(), Does.Contain("ahead"));
        Assert.That(_it.Status.ClockError, Is.GreaterThan(TimeSpan.FromHours(1)));

        web["/list"] = System.Text.Encoding.ASCII.GetBytes($"default 2;\nproxy_for 2 {_it.Middle.EndPoint};\n");
        _it.Proxy.Advance(TimeSpan.FromMinutes(1));
        await _it.EditAsync(("strict", "false"));
        await Wait.UntilAsync(() => _it.Status.Sources[1].Problem is null, "the recovery");
        Assert.That((await _it.RequestAsync(Form.Tls, cancellation: cancellation)).Tag, Is.EqualTo(MiddleFixture.Tag));
    }
}
