using Telemt.Core.Client;
using Telemt.Core.Wire;
using Telemt.Worker;
using Telemt.Worker.Configuration;
using Telemt.Worker.Sessions;

namespace Telemt.Tests.EndToEnd;

/// <summary>Two proxies in one process share nothing.</summary>
[Category("EndToEnd")]
[Platform("Linux")]
[CancelAfter(60_000)]
internal sealed class IsolationTests
{
    [Test]
    public async Task Edits_OfOneProxy_ConcernNoOther(CancellationToken cancellation)
    {
        await using var one = await ProxyFixture.StartAsync();
        await using var two = await ProxyFixture.StartAsync();
        using var atTwo = await two.EchoingAsync(Form.Tls, cancellation: cancellation);

        await one.EditAsync(("users.tele", null), ("limits.max_connections", "1"), ("modes.classic", "false"));

        Assert.That(await one.ServesAsync(Form.Tls, cancellation: cancellation), Is.False);
        Assert.That(await two.ServesAsync(Form.Abridged, cancellation: cancellation));
        await atTwo.EchoMoreAsync(cancellation: cancellation);
        Assert.That(two.Service<LastGoodMonitor>().Revision, Is.EqualTo(1));
        Assert.That(two.Sessions.CountOf(SessionEnd.UserGone), Is.Zero);
    }

    [Test]
    public async Task Hello_SeenByOneProxy_IsNewToTheOther(CancellationToken cancellation)
    {
        await using var one = await ProxyFixture.StartAsync();
        await using var two = await ProxyFixture.StartAsync();
        var secret = ClientSecret.Tls(ProxyFixture.KeyOf("tele"), ProxyFixture.Domain);
        var hello = new ProxyClient(secret, ProtocolTag.PaddedIntermediate, 2, new SystemRandomSource(), one.Clock).Hello;

        foreach (var proxy in (ProxyFixture[])[one, two])
        {
            using var socket = await proxy.KnockAsync(cancellation);
            await socket.SendAsync(hello, cancellation);
            var answer = new byte[3];
            await socket.ReceiveAsync(answer, cancellation);
            Assert.That(answer, Is.EqualTo(new byte[] { 0x16, 3, 3 }), "a ServerHello of ours");
        }
    }

    [Test]
    public async Task Stop_OfOneProxy_LeavesTheOtherServing(CancellationToken cancellation)
    {
        await using var two = await ProxyFixture.StartAsync();
        using var atTwo = await two.EchoingAsync(Form.Tls, cancellation: cancellation);
        await using (var one = await ProxyFixture.StartAsync())
        {
            using var atOne = await one.EchoingAsync(Form.Tls, cancellation: cancellation);
        }

        await atTwo.EchoMoreAsync(1024 * 1024, cancellation: cancellation);
        Assert.That(await two.ServesAsync(Form.Tls, cancellation: cancellation));
    }
}
