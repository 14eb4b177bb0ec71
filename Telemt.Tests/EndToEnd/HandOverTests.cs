using System.Net;
using Telemt.Tests.Fakes;
using Telemt.Worker.Sessions;

namespace Telemt.Tests.EndToEnd;

/// <summary>Where somebody keeps the listening sockets over a restart, nobody is refused in between.</summary>
[Category("EndToEnd")]
[Platform("Linux")]
[CancelAfter(60_000)]
internal sealed class HandOverTests
{
    [Test]
    public async Task Restart_WithAStore_ServesWhoConnectedInBetweenOnTheSameSockets(CancellationToken cancellation)
    {
        using var store = new FakeListenerStore();
        await using var proxy = await ProxyFixture.StartAsync(store: store, loops: 2);
        var before = KernelSockets.Listeners(proxy.Port);

        await proxy.StopHostAsync();
        var between = KernelSockets.Listeners(proxy.Port);
        var early = new List<Task>();
        for (var i = 0; i < 8; i++)
        {
            early.Add(EchoOnceAsync(proxy, cancellation));
        }

        Assert.That(early.Exists(task => task.IsCompleted), Is.False, "nobody is there to answer, and nobody is refused");
        await proxy.StartHostAsync();

        await Task.WhenAll(early);
        Assert.That(between, Is.EqualTo(before));
        Assert.That(KernelSockets.Listeners(proxy.Port), Is.EqualTo(before));
    }

    [Test]
    public async Task Restart_WithFewerLoops_ServesTheQueueOfEachSocket(CancellationToken cancellation)
    {
        using var store = new FakeListenerStore();
        await using var proxy = await ProxyFixture.StartAsync(store: store, loops: 4);
        await proxy.StopHostAsync();
        var early = Enumerable.Range(0, 32).Select(_ => EchoOnceAsync(proxy, cancellation)).ToList();

        await proxy.StartHostAsync(loops: 1);

        await Task.WhenAll(early);
    }

    [Test]
    public async Task Stop_WithAStore_WaitsForTransfersOnly(CancellationToken cancellation)
    {
        using var store = new FakeListenerStore();
        await using var proxy = await ProxyFixture.StartAsync(toml => toml["timeouts.drain"] = "600", store: store);
        using var quiet = await proxy.EchoingAsync(Form.Tls, cancellation: cancellation);
        proxy.Advance(TimeSpan.FromSeconds(5));
        using var busy = await proxy.EchoingAsync(Form.Tls, cancellation: cancellation);

        var stopping = proxy.StopHostAsync();
        Assert.That(await quiet.Socket.EndsByResetAsync(cancellation), Is.False, "a FIN");
        await busy.EchoMoreAsync(cancellation: cancellation);
        Assert.That(stopping.IsCompleted, Is.False);

        await proxy.EndedAsync(SessionEnd.Shutdown);
        while (!stopping.IsCompleted)
        {
            proxy.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await stopping;
    }

    [Test]
    public async Task Edit_ThatRemovesAListener_TakesItsSocketsOutOfTheStore(CancellationToken cancellation)
    {
        using var store = new FakeListenerStore();
        var other = Ports.Free();
        await using var proxy = await ProxyFixture.StartAsync(store: store);
        await proxy.EditAsync(("listeners", $$"""[{ ip = "127.0.0.1" }, { ip = "127.0.0.1", port = {{other}} }]"""));
        await Wait.UntilAsync(() => store.Names.Count == 2, "the second listener's sockets in the store");

        await proxy.EditAsync(("listeners", """[{ ip = "127.0.0.1" }]"""));

        await Wait.UntilAsync(() => KernelSockets.Listeners(other).Length == 0, "the end of the second listener's sockets");
        Assert.That(store.Names, Is.EqualTo(new[] { $"127.0.0.1:{proxy.Port}" }));
        await EchoOnceAsync(proxy, cancellation);
    }

    [Test]
    public async Task Restart_WithAFileThatHasTheListenerNoMore_ClosesWhatWasKept(CancellationToken cancellation)
    {
        using var store = new FakeListenerStore();
        await using var proxy = await ProxyFixture.StartAsync(store: store);
        await proxy.StopHostAsync();
        var other = Ports.Free();
        proxy.Toml["port"] = other.ToString();

        await proxy.StartHostAsync();

        Assert.That(store.Names, Is.EqualTo(new[] { $"127.0.0.1:{other}" }));
        Assert.That(KernelSockets.Listeners(proxy.Port), Is.Empty);
        using var client = await proxy.ConnectAsync(Form.Tls, at: new IPEndPoint(IPAddress.Loopback, other), cancellation: cancellation);
    }

    private static async Task EchoOnceAsync(ProxyFixture proxy, CancellationToken cancellation)
    {
        using var client = await proxy.EchoingAsync(Form.Tls, cancellation: cancellation);
    }
}
