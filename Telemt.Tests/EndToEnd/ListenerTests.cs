using System.Net;
using System.Net.Sockets;
using Telemt.Tests.Fakes;
using Telemt.Worker.Selftest;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>Listeners that come and go while clients are served.</summary>
[Category("EndToEnd")]
[Platform("Linux")]
[CancelAfter(60_000)]
internal sealed class ListenerTests
{
    private const int Listening = 2001;
    private const int Closed = 2002;
    private const int Failed = 2004;

    [Test]
    [LiveKey("listeners.ip")]
    [LiveKey("listeners.port")]
    public async Task Listener_AddedAndRemoved_TheOthersSocketsStayTheSame(CancellationToken cancellation)
    {
        await using var proxy = await ProxyFixture.StartAsync();
        var own = KernelSockets.Listeners(proxy.Port);
        var second = Ports.Free();

        await proxy.EditAsync(("listeners", $$"""[{ ip = "127.0.0.1" }, { ip = "127.0.0.2", port = {{second}} }]"""));
        await Wait.UntilAsync(() => proxy.Log.Count(Listening) == 2, "the new listener");
        var at = new IPEndPoint(IPAddress.Parse("127.0.0.2"), second);
        using var client = await proxy.ConnectAsync(Form.Tls, at: at, cancellation: cancellation);
        await client.AskAsync(FakeMode.Echo, cancellation: cancellation);
        await client.EchoAsync(1000, cancellation: cancellation);
        Assert.That(KernelSockets.Listeners(proxy.Port), Is.EqualTo(own));

        await proxy.EditAsync(("listeners", """[{ ip = "127.0.0.1" }]"""));
        await Wait.UntilAsync(() => proxy.Log.Count(Closed) == 1, "the old listener's end");
        Assert.That(await proxy.ServesAsync(Form.Tls, at: at, cancellation: cancellation), Is.False);
        await client.EchoAsync(1000, from: 1000, cancellation: cancellation);
        Assert.That(await proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        Assert.That(own, Is.Not.Empty.And.EqualTo(KernelSockets.Listeners(proxy.Port)));
    }

    [Test]
    [LiveKey("port")]
    public async Task Port_Changed_NewOneServesAndOldOneIsClosed(CancellationToken cancellation)
    {
        await using var proxy = await ProxyFixture.StartAsync();
        using var running = await proxy.EchoingAsync(Form.Tls, cancellation: cancellation);
        var port = Ports.Free();

        await proxy.EditAsync(("port", port.ToString()));
        await Wait.UntilAsync(() => proxy.Log.Count(Closed) == 1, "the old listener's end");

        Assert.That(await proxy.ServesAsync(Form.Tls, port: port, cancellation: cancellation));
        Assert.That(KernelSockets.Listeners(proxy.Port), Is.Empty);
        await running.EchoMoreAsync(cancellation: cancellation);
    }

    [Test]
    public async Task Port_ChangedToOneInUse_IsSaidAndTheOldOneServes(CancellationToken cancellation)
    {
        using var other = Ports.Listening();
        await using var proxy = await ProxyFixture.StartAsync();

        await proxy.EditAsync(("port", Ports.PortOf(other).ToString()));
        await Wait.UntilAsync(() => proxy.Log.Count(Failed) == 1, "the complaint");

        Assert.That(proxy.Log.Of(Failed).Single(), Does.Contain("address in use"));
        Assert.That(await proxy.ServesAsync(Form.Tls, cancellation: cancellation));
    }

    [Test]
    public async Task Listener_NarrowedToOneAddressOfItsPort_ServesOnThere(CancellationToken cancellation)
    {
        await using var proxy = await ProxyFixture.StartAsync(toml => toml["listeners"] = """[{ ip = "0.0.0.0" }]""");
        using var running = await proxy.EchoingAsync(Form.Tls, cancellation: cancellation);

        await proxy.EditAsync(("listeners", """[{ ip = "127.0.0.1" }]"""));
        await Wait.UntilAsync(() => proxy.Log.Count(Closed) == 1, "the wide listener's end");
        Assert.That(await proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        Assert.That(
            await proxy.ServesAsync(Form.Tls, at: new IPEndPoint(IPAddress.Parse("127.0.0.9"), proxy.Port), cancellation: cancellation),
            Is.False);

        await proxy.EditAsync(("listeners", """[{ ip = "0.0.0.0" }]"""));
        await Wait.UntilAsync(() => proxy.Log.Count(Closed) == 2, "the narrow listener's end");
        Assert.That(await proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        await running.EchoMoreAsync(cancellation: cancellation);
    }

    [Test]
    [LiveKey("listeners.interface")]
    public async Task Listener_BoundToADevice_ServesThereAndWithoutTheDeviceTheOldOneStays(CancellationToken cancellation)
    {
        await using var proxy = await ProxyFixture.StartAsync();
        using var running = await proxy.EchoingAsync(Form.Tls, cancellation: cancellation);

        await proxy.EditAsync(("listeners", """[{ ip = "127.0.0.1", interface = "lo" }]"""));
        await Wait.UntilAsync(() => proxy.Log.Count(Closed) == 1, "the free listener's end");
        Assert.That(await proxy.ServesAsync(Form.Tls, cancellation: cancellation));

        var bound = KernelSockets.Listeners(proxy.Port);
        await proxy.EditAsync(("listeners", """[{ ip = "127.0.0.1", interface = "no-such-device" }]"""));
        await Wait.UntilAsync(() => proxy.Log.Count(Failed) == 1, "the complaint");
        Assert.That(await proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        Assert.That(bound, Is.Not.Empty.And.EqualTo(KernelSockets.Listeners(proxy.Port)));
        await running.EchoMoreAsync(cancellation: cancellation);
    }

    [Test]
    [LiveKey("listeners.announce")]
    [LiveKey("listeners.announce_ip")]
    public async Task Listener_AnnouncedOtherwise_SameSocketsAndOtherLinks()
    {
        await using var proxy = await ProxyFixture.StartAsync(toml => toml["show_links"] = """["tele"]""");
        var own = KernelSockets.Listeners(proxy.Port);

        await proxy.EditAsync(("listeners", """[{ ip = "127.0.0.1", announce = "tele.example.org" }]"""));
        await Wait.UntilAsync(() => proxy.Output.ToString().Contains("server=tele.example.org&"), "links by name");
        await proxy.EditAsync(("listeners", """[{ ip = "127.0.0.1", announce_ip = "198.51.100.4" }]"""));
        await Wait.UntilAsync(() => proxy.Output.ToString().Contains("server=198.51.100.4&"), "links by address");

        Assert.That(own, Is.Not.Empty.And.EqualTo(KernelSockets.Listeners(proxy.Port)));
    }

    [Test]
    public async Task Listener_OfIpv6_ServesBesideIpv4(CancellationToken cancellation)
    {
        Assume.That(Socket.OSSupportsIPv6);
        await using var proxy = await ProxyFixture.StartAsync(toml => toml["listeners"] = """[{ ip = "127.0.0.1" }, { ip = "::1" }]""");

        Assert.That(await proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        Assert.That(await proxy.ServesAsync(Form.Tls, at: new IPEndPoint(IPAddress.IPv6Loopback, proxy.Port), cancellation: cancellation));
    }

    [Test]
    public async Task UnixListener_ServesStaysAtAnEditOfThePortAndLeavesNoFile(CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        var path = folder["telemt.sock"];
        await using var proxy = await ProxyFixture.StartAsync(toml => toml["listeners"] = $$"""[{ ip = "127.0.0.1" }, { ip = "{{path}}" }]""");
        var unix = new UnixDomainSocketEndPoint(path);
        Assert.That(await proxy.ServesAsync(Form.Tls, at: unix, cancellation: cancellation));

        await proxy.EditAsync(("port", Ports.Free().ToString()));
        await Wait.UntilAsync(() => proxy.Log.Count(Closed) == 1, "the old port's end");
        Assert.That(proxy.Log.Count(Failed), Is.Zero);
        Assert.That(await proxy.ServesAsync(Form.Abridged, at: unix, cancellation: cancellation));

        await proxy.EditAsync(("listeners", """[{ ip = "127.0.0.1" }]"""));
        await Wait.UntilAsync(() => !File.Exists(path), "the file to go");
    }

    [Test]
    public async Task UnixListener_WhoseFileACrashLeftBehind_Serves(CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        var path = folder["telemt.sock"];
        using (var crashed = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            // Bound without the runtime's knowledge of the file: it would delete it.
            crashed.Bind(new UnixDomainSocketEndPoint(path));
            File.Move(path, path + ".left");
        }

        File.Move(path + ".left", path);
        await using var proxy = await ProxyFixture.StartAsync(toml => toml["listeners"] = Text(path) is var ip ? $"[{{ ip = {ip} }}]" : "");

        Assert.That(await proxy.ServesAsync(Form.Tls, at: new UnixDomainSocketEndPoint(path), cancellation: cancellation));
    }
}
