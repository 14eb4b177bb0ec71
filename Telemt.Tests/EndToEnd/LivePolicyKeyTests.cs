using Telemt.Core.Gate;
using Telemt.Tests.Fakes;
using Telemt.Worker.Sessions;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>Edits of [[policies]]: new connections go by them, running ones by those of their accept.</summary>
internal sealed class LivePolicyKeyTests : LiveTests
{
    private const string Other = "other.example.com";

    [Test]
    [LiveKey("policies.users")]
    [LiveKey("policies.allow")]
    public async Task Users_Refused_AreMaskedAndRunningOnesGoOn([ValueSource(typeof(Form), nameof(Form.All))] Form form, CancellationToken cancellation)
    {
        using var running = await Proxy.EchoingAsync(form, cancellation: cancellation);

        await Proxy.EditAsync(("policies", """[{ users = ["tele"], allow = false }]"""));
        Assert.That(await Proxy.ServesAsync(form, cancellation: cancellation), Is.False);
        Assert.That(await Proxy.ServesAsync(form, user: "hello", cancellation: cancellation));
        await Wait.UntilAsync(() => Proxy.Sessions.CountOf(Refusal.Policy) == 1, "the refusal");
        Assert.That(Proxy.Site.Connections, Is.EqualTo(1), "masked, not told");

        await Proxy.EditAsync(("policies", """[{ users = ["tele"], allow = true }, { allow = false }]"""));
        Assert.That(await Proxy.ServesAsync(form, cancellation: cancellation));
        Assert.That(await Proxy.ServesAsync(form, user: "hello", cancellation: cancellation), Is.False);
        await running.EchoMoreAsync(cancellation: cancellation);
    }

    [Test]
    [LiveKey("policies.sni")]
    [LiveKey("policies.mask")]
    public async Task Sni_WithAMaskOfItsOwn_StrangersOfThatNameSeeIt(CancellationToken cancellation)
    {
        using var other = new MaskSite("another site");
        var hello = Stranger.NamedHello(Other);
        await Proxy.EditAsync(("tls_domains", $"[{Text(Other)}]"));
        Assert.That(await Proxy.ProbeAsync(hello, cancellation), Is.EqualTo("a web site"));

        await Proxy.EditAsync(("policies", $$"""[{ sni = ["*.example.com"], mask = "127.0.0.1:{{other.Port}}" }]"""));
        Assert.That(await Proxy.ProbeAsync(hello, cancellation), Is.EqualTo("another site"));
        Assert.That(await Proxy.ProbeAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray(), cancellation), Is.EqualTo("a web site"));
        Assert.That(await Proxy.ServesAsync(Form.Tls, domain: Other, cancellation: cancellation));

        await Proxy.EditAsync(("policies", """[{ sni = ["*.example.org"], mask = false }]"""));
        Assert.That(await Proxy.ProbeAsync(hello, cancellation), Is.EqualTo("a web site"));
    }

    [Test]
    public async Task Mask_SwitchedOffForAName_StrangersOfThatNameMeetSilence(CancellationToken cancellation)
    {
        await Proxy.EditAsync(("policies", $"[{{ sni = [{Text(Other)}], mask = false }}]"));
        using var socket = await Proxy.KnockAsync(cancellation);
        await socket.SendAsync(Stranger.NamedHello(Other), cancellation);
        await Wait.UntilAsync(() => Proxy.Sessions.CountOf(SessionStage.Stranger) == 1, "the stranger");

        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation), "a turn of the loop later");
        Assert.That(socket.HearsNothing(), "neither a word nor an end");
        Assert.That(Proxy.Site.Connections, Is.Zero);
    }

    [Test]
    [LiveKey("policies.sources")]
    public async Task Sources_Refused_AreMasked(CancellationToken cancellation)
    {
        await Proxy.EditAsync(("policies", """[{ sources = ["127.0.0.0/8"], allow = false }]"""));
        Assert.That(await Proxy.ServesAsync(Form.Secure, cancellation: cancellation), Is.False);

        await Proxy.EditAsync(("policies", """[{ sources = ["127.0.0.2", "10.0.0.0/8"], allow = false }]"""));
        Assert.That(await Proxy.ServesAsync(Form.Secure, cancellation: cancellation));
    }

    [Test]
    [LiveKey("policies.dcs")]
    public async Task Dcs_Refused_OthersAreServed([ValueSource(typeof(Form), nameof(Form.All))] Form form, CancellationToken cancellation)
    {
        await Proxy.EditAsync(("policies", "[{ dcs = [4, -4], allow = false }]"));
        Assert.That(await Proxy.ServesAsync(form, 4, cancellation: cancellation), Is.False);
        Assert.That(await Proxy.ServesAsync(form, -4, cancellation: cancellation), Is.False);
        Assert.That(await Proxy.ServesAsync(form, 2, cancellation: cancellation));
        Assert.That(Proxy.Site.Connections, Is.EqualTo(form == Form.Tls ? 0 : 2), "in fake TLS we have answered before the DC is named");

        await Proxy.EditAsync(("policies", "[{ dcs = [4], allow = false }]"));
        Assert.That(await Proxy.ServesAsync(form, -4, cancellation: cancellation));
    }
}
