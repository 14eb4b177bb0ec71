using System.Globalization;
using Telemt.Core.Replay;
using Telemt.Core.Wire;
using Telemt.Tests.Fakes;
using Telemt.Worker.Configuration;
using Telemt.Worker.Selftest;
using Telemt.Worker.Sessions;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>Edits of who may come in, and how: users, modes, domains, the replay rules.</summary>
internal sealed class LiveClientKeyTests : LiveTests
{
    [Test]
    [LiveKey("modes.classic")]
    [LiveKey("modes.secure")]
    [LiveKey("modes.tls")]
    public async Task Mode_SwitchedOffAndOn_NewClientsFollowAndRunningOnesGoOn([Values] ClientMode mode, CancellationToken cancellation)
    {
        var form = Form.All.First(form => form.Mode == mode);
        var key = $"modes.{mode.ToString().ToLowerInvariant()}";
        using var running = await Proxy.EchoingAsync(form, cancellation: cancellation);

        await Proxy.EditAsync((key, "false"));
        Assert.That(await Proxy.ServesAsync(form, cancellation: cancellation), Is.False);
        await running.EchoMoreAsync(cancellation: cancellation);

        await Proxy.EditAsync((key, "true"));
        Assert.That(await Proxy.ServesAsync(form, cancellation: cancellation));
    }

    [Test]
    [LiveKey("users.*.secret")]
    public async Task User_AddedAndRemoved_ComesInAndIsCut(CancellationToken cancellation)
    {
        using var other = await Proxy.EchoingAsync(Form.Tls, user: "hello", cancellation: cancellation);
        Assert.That(await Proxy.ServesAsync(Form.Tls, user: "added", cancellation: cancellation), Is.False);

        await Proxy.EditAsync(("users.added", Text(ProxyFixture.SecretOf("added"))));
        using var client = await Proxy.EchoingAsync(Form.Tls, user: "added", cancellation: cancellation);

        await Proxy.EditAsync(("users.added", null));
        await ExpectCutAsync(client, other, cancellation);
    }

    [Test]
    public async Task User_GivenAnotherSecret_IsCutAndComesInByTheNewOne(CancellationToken cancellation)
    {
        using var client = await Proxy.EchoingAsync(Form.Secure, cancellation: cancellation);
        using var other = await Proxy.EchoingAsync(Form.Tls, user: "hello", cancellation: cancellation);

        await Proxy.EditAsync(("users.tele", Text(ProxyFixture.SecretOf("changed"))));

        await ExpectCutAsync(client, other, cancellation);
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation), Is.False);
        Assert.That(await Proxy.ServesAsync(Form.Tls, user: "changed", cancellation: cancellation));
    }

    [Test]
    [LiveKey("users.*.enabled")]
    [LiveKey("defaults.enabled")]
    public async Task User_Disabled_IsCut([Values("users.tele.enabled", "defaults.enabled")] string key, CancellationToken cancellation)
    {
        await Proxy.EditAsync(
            ("users.tele", null),
            ("users.tele.secret", Text(ProxyFixture.SecretOf("tele"))),
            ("users.hello", null),
            ("users.hello.secret", Text(ProxyFixture.SecretOf("hello"))),
            ("users.hello.enabled", "true"));
        using var client = await Proxy.EchoingAsync(Form.Tls, cancellation: cancellation);
        using var other = await Proxy.EchoingAsync(Form.Tls, user: "hello", cancellation: cancellation);

        await Proxy.EditAsync((key, "false"));

        await ExpectCutAsync(client, other, cancellation);
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation), Is.False);
    }

    [Test]
    [LiveKey("users.*.expires")]
    [LiveKey("defaults.expires")]
    public async Task User_WhoseTimeComes_IsCutThen([Values("users.tele.expires", "defaults.expires")] string key, CancellationToken cancellation)
    {
        await Proxy.EditAsync(
            ("users.tele", null),
            ("users.tele.secret", Text(ProxyFixture.SecretOf("tele"))),
            ("users.hello", null),
            ("users.hello.secret", Text(ProxyFixture.SecretOf("hello"))),
            ("users.hello.expires", "9999-12-31T00:00:00Z"));
        using var client = await Proxy.EchoingAsync(Form.Tls, cancellation: cancellation);
        using var other = await Proxy.EchoingAsync(Form.Tls, user: "hello", cancellation: cancellation);

        var soon = Proxy.Clock.GetUtcNow().AddMinutes(10).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        await Proxy.EditAsync((key, soon));
        await client.EchoMoreAsync(cancellation: cancellation);

        Proxy.Advance(TimeSpan.FromMinutes(11));
        await Proxy.EndedAsync(SessionEnd.UserGone);
        await client.Socket.EndsByResetAsync(cancellation);
        await other.EchoMoreAsync(cancellation: cancellation);
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation), Is.False);
    }

    [Test]
    [LiveKey("tls_domain")]
    [LiveKey("tls_domains")]
    public async Task Domains_Changed_NewClientsComeInByTheNewNames(CancellationToken cancellation)
    {
        using var running = await Proxy.EchoingAsync(Form.Tls, cancellation: cancellation);

        await Proxy.EditAsync(("tls_domain", Text("first.example.com")), ("tls_domains", """["second.example.com"]"""));

        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation), Is.False);
        Assert.That(await Proxy.ServesAsync(Form.Tls, domain: "first.example.com", cancellation: cancellation));
        Assert.That(await Proxy.ServesAsync(Form.Tls, domain: "second.example.com", cancellation: cancellation));
        await running.EchoMoreAsync(cancellation: cancellation);
    }

    [Test]
    [LiveKey("fronting.unknown_sni")]
    public async Task UnknownSni_MaskAcceptDrop_IsDoneWithTheNextClient(CancellationToken cancellation)
    {
        const string Other = "other.example.com";
        Assert.That(await Proxy.ServesAsync(Form.Tls, domain: Other, cancellation: cancellation), Is.False);
        await Wait.UntilAsync(() => Proxy.Site.Connections == 1, "the mask");

        await Proxy.EditAsync(("fronting.unknown_sni", Text("accept")));
        Assert.That(await Proxy.ServesAsync(Form.Tls, domain: Other, cancellation: cancellation));

        await Proxy.EditAsync(("fronting.unknown_sni", Text("drop")));
        Assert.That(await Proxy.ServesAsync(Form.Tls, domain: Other, cancellation: cancellation), Is.False);
        Assert.That(Proxy.Site.Connections, Is.EqualTo(1), "closed, not masked");
    }

    [Test]
    [LiveKey("replay.time_skew")]
    public async Task TimeSkew_Widened_ASlowClockComesIn(CancellationToken cancellation)
    {
        var slow = new TestClock();
        slow.Advance(TimeSpan.FromSeconds(-700));
        Assert.That(await Proxy.ServesAsync(Form.Tls, clock: slow, cancellation: cancellation), Is.False);

        await Proxy.EditAsync(("replay.time_skew", "900"));
        Assert.That(await Proxy.ServesAsync(Form.Tls, clock: slow, cancellation: cancellation));
    }

    [Test]
    [LiveKey("replay.ignore_time_skew")]
    public async Task IgnoreTimeSkew_SwitchedOn_AnyClockComesIn(CancellationToken cancellation)
    {
        var wrong = new TestClock();
        wrong.Advance(TimeSpan.FromDays(-400));
        Assert.That(await Proxy.ServesAsync(Form.Tls, clock: wrong, cancellation: cancellation), Is.False);

        await Proxy.EditAsync(("replay.ignore_time_skew", "true"));
        Assert.That(await Proxy.ServesAsync(Form.Tls, clock: wrong, cancellation: cancellation));
    }

    [Test]
    [LiveKey("replay.capacity")]
    public async Task ReplayCapacity_Lowered_OldestEntriesLeave(CancellationToken cancellation)
    {
        const int MostShards = 16;
        var window = Proxy.Service<ReplayWindow>();
        for (var i = 0; i < 2 * MostShards; i++)
        {
            using var client = await Proxy.ConnectAsync(Form.Tls, cancellation: cancellation);
        }

        Assert.That(window.Count, Is.GreaterThan(MostShards));
        await Proxy.EditAsync(("replay.capacity", "1"));
        Assert.That(window.Count, Is.LessThanOrEqualTo(MostShards), "one for each shard at most");
    }

    [Test]
    [LiveKey("strict")]
    public async Task Strict_SwitchedOn_AnUnknownKeyIsAnError()
    {
        await Proxy.EditAsync(("colour", Text("blue")));
        await Wait.UntilAsync(() => Proxy.Log.Of(1013).Any(line => line.Contains("colour")), "the warning");

        Proxy.Toml["strict"] = "true";
        Proxy.Write(Proxy.Toml.ToString());

        await Wait.UntilAsync(() => Proxy.Log.Count(1011) == 1, "the refusal");
        Assert.That(Proxy.Service<LastGoodMonitor>().Revision, Is.EqualTo(2));
    }

    private async Task ExpectCutAsync(ClientConnection cut, ClientConnection other, CancellationToken cancellation)
    {
        await cut.Socket.EndsByResetAsync(cancellation);
        await Proxy.EndedAsync(SessionEnd.UserGone);
        await other.EchoMoreAsync(cancellation: cancellation);
        Assert.That(Proxy.Sessions.CountOf(SessionStage.Client), Is.EqualTo(1));
    }
}
