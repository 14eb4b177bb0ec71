using System.Diagnostics;
using Telemt.Worker.Sessions;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>The way to a DC whose addresses do not all work.</summary>
[Category("EndToEnd")]
[Platform("Linux")]
[CancelAfter(60_000)]
internal sealed class DialingTests
{
    [Test]
    public async Task Dc_FirstAddressRefuses_NextOneServes(CancellationToken cancellation)
    {
        using var refusing = Ports.Refusing();
        await using var proxy = await ProxyFixture.StartAsync();
        await proxy.EditAsync(("dc_overrides.2", $"[{Text(refusing.LocalEndPoint!)}, {Text(proxy.Telegram.EndPoint)}]"));

        Assert.That(await proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        Assert.That(await proxy.ServesAsync(Form.Tls, dc: -2, cancellation: cancellation), "media too");
    }

    [Test]
    public async Task Dc_FirstAddressIsSilent_NextOneServesWithinTheDeadline(CancellationToken cancellation)
    {
        using var silent = new SilentPort();
        await using var proxy = await ProxyFixture.StartAsync(toml => toml["timeouts.connect"] = Text("2s"));
        await proxy.EditAsync(("dc_overrides.2", $"[{Text(silent.EndPoint)}, {Text(proxy.Telegram.EndPoint)}]"));

        Assert.That(await proxy.ServesAsync(Form.Tls, cancellation: cancellation));
    }

    [Test]
    public async Task Dc_ByName_Serves(CancellationToken cancellation)
    {
        await using var proxy = await ProxyFixture.StartAsync();
        await proxy.EditAsync(("dc_overrides.2", Text($"localhost:{proxy.Telegram.EndPoint.Port}")));

        Assert.That(await proxy.ServesAsync(Form.Tls, cancellation: cancellation));
    }

    [Test]
    public async Task Dc_NoAddressAnswers_ClientIsClosedWithinTheDeadline(CancellationToken cancellation)
    {
        using var refusing = Ports.Refusing();
        using var silent = new SilentPort();
        await using var proxy = await ProxyFixture.StartAsync(toml => toml.Set(
            ("dc_overrides.2", $"[{Text(refusing.LocalEndPoint!)}, {Text(silent.EndPoint)}]"),
            ("timeouts.connect", Text("1s"))));
        using var client = await proxy.ConnectAsync(Form.Tls, cancellation: cancellation);
        var watch = Stopwatch.StartNew();

        await client.SendAsync(new byte[100], cancellation);
        var received = await client.ReceiveAsync(new byte[1], cancellation);

        Assert.That(received, Is.Zero);
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));
        await proxy.EndedAsync(SessionEnd.DcUnreachable);
        Assert.That(proxy.Log.Of(3005).Single(), Does.Contain("connection refused").And.Contain("timed out"));
    }

    [Test]
    public async Task UnknownDc_WithoutADefault_IsRefusedAndTheOthersServe(CancellationToken cancellation)
    {
        await using var proxy = await ProxyFixture.StartAsync(toml => toml["default_dc"] = "0");

        Assert.That(await proxy.ServesAsync(Form.Tls, dc: 77, cancellation: cancellation), Is.False);
        await proxy.EndedAsync(SessionEnd.UnknownDc);
        Assert.That(await proxy.ServesAsync(Form.Tls, dc: 3, cancellation: cancellation));
        Assert.That(proxy.Telegram.Accepted, Is.EqualTo(1));
    }
}
