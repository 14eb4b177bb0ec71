using System.Net.Sockets;
using Telemt.Tests.Fakes;
using Telemt.Worker.Sessions;

namespace Telemt.Tests.EndToEnd;

/// <summary>A stop lets clients finish what they are at, for as long as the operator allows.</summary>
[Category("EndToEnd")]
[Platform("Linux")]
[CancelAfter(60_000)]
internal sealed class DrainTests
{
    private const int Drained = 2006;

    [Test]
    public async Task Stop_WhileASessionFinishes_WaitsForItAndTakesNobodyIn(CancellationToken cancellation)
    {
        await using var proxy = await ProxyFixture.StartAsync(toml => toml["timeouts.drain"] = "600");
        using var client = await proxy.EchoingAsync(Form.Tls, cancellation: cancellation);

        var stopping = proxy.Host.StopAsync(cancellation);
        await Wait.UntilAsync(() => KernelSockets.Listeners(proxy.Port).Length == 0, "the listeners' end");
        Assert.That(
            async () => await proxy.KnockAsync(cancellation),
            Throws.InstanceOf<SocketException>().With.Property(nameof(SocketException.SocketErrorCode)).EqualTo(SocketError.ConnectionRefused));
        await client.EchoMoreAsync(4 * 1024 * 1024, cancellation: cancellation);
        Assert.That(stopping.IsCompleted, Is.False);

        client.EndSending();
        Assert.That(await client.ReceiveAsync(new byte[1], cancellation), Is.Zero);
        await stopping;
        Assert.That(proxy.Log.Of(Drained).Single(), Does.Contain("; 0 sessions"));
    }

    [Test]
    [LiveKey("timeouts.drain")]
    public async Task Stop_WhileASessionGoesOn_CutsItAtTheEndOfTheDrain(CancellationToken cancellation)
    {
        await using var proxy = await ProxyFixture.StartAsync();
        await proxy.EditAsync(("timeouts.drain", "600"));
        using var client = await proxy.EchoingAsync(Form.Tls, cancellation: cancellation);

        var stopping = proxy.Host.StopAsync(cancellation);
        await Wait.UntilAsync(() => KernelSockets.Listeners(proxy.Port).Length == 0, "the listeners' end");
        proxy.Advance(TimeSpan.FromSeconds(590));
        await client.EchoMoreAsync(cancellation: cancellation);
        Assert.That(stopping.IsCompleted, Is.False);

        proxy.Advance(TimeSpan.FromSeconds(11));
        await stopping;
        await client.Socket.EndsByResetAsync(cancellation);
        await proxy.EndedAsync(SessionEnd.Shutdown);
        Assert.That(proxy.Log.Of(Drained).Single(), Does.Contain("; 1 sessions"));
    }

    [Test]
    public async Task Stop_WithStrangersOnly_WaitsForNone(CancellationToken cancellation)
    {
        using var site = new MaskSite(ends: false);
        await using var proxy = await ProxyFixture.StartAsync(toml => toml.Set(("timeouts.drain", "600"), ("mask_port", site.Port.ToString())));
        using var silent = await proxy.KnockAsync(cancellation);
        using var masked = await proxy.KnockAsync(cancellation);
        await masked.SendAsync("GET "u8.ToArray(), cancellation);
        Assert.That(await masked.ReceiveAsync(new byte[100], cancellation), Is.Positive);

        await proxy.Host.StopAsync(cancellation);

        await silent.EndsByResetAsync(cancellation);
        await masked.EndsByResetAsync(cancellation);
    }
}
