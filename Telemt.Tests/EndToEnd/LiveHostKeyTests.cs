using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Telemt.Tests.Fakes;
using Telemt.Worker.Transport;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>Edits of what concerns sockets, links and the log.</summary>
internal sealed class LiveHostKeyTests : LiveTests
{
    private const int Admitted = 3007;

    [Test]
    [LiveKey("client_keepalive")]
    public async Task Keepalive_Changed_NewConnectionsHaveIt(CancellationToken cancellation)
    {
        using var before = await Proxy.EchoingAsync(Form.Tls, cancellation: cancellation);

        await Proxy.EditAsync(("client_keepalive", "17"));
        await ListenerHasAsync(Libc.IpProtoTcp, Libc.TcpKeepIdle, 17);
        using var after = await Proxy.EchoingAsync(Form.Tls, cancellation: cancellation);
        Assert.That(Idle(before.Socket), Is.EqualTo(60));
        Assert.That(Idle(after.Socket), Is.EqualTo(17));

        await Proxy.EditAsync(("client_keepalive", "0"));
        await ListenerHasAsync(Libc.SolSocket, Libc.SoKeepAlive, 0);
        using var off = await Proxy.EchoingAsync(Form.Tls, cancellation: cancellation);
        Assert.That(KernelSockets.Option(Proxy.Port, off.Socket, Libc.SolSocket, Libc.SoKeepAlive), Is.Zero);

        int Idle(System.Net.Sockets.Socket client) => KernelSockets.Option(Proxy.Port, client, Libc.IpProtoTcp, Libc.TcpKeepIdle);
    }

    [Test]
    [LiveKey("client_ack_timeout")]
    public async Task AckTimeout_Changed_NewConnectionsHaveIt(CancellationToken cancellation)
    {
        await Proxy.EditAsync(("client_ack_timeout", "45"));
        await ListenerHasAsync(Libc.IpProtoTcp, Libc.TcpUserTimeout, 45_000);
        using var client = await Proxy.EchoingAsync(Form.Tls, cancellation: cancellation);

        Assert.That(KernelSockets.Option(Proxy.Port, client.Socket, Libc.IpProtoTcp, Libc.TcpUserTimeout), Is.EqualTo(45_000));
    }

    [Test]
    [LiveKey("show_links")]
    [LiveKey("public_ip")]
    public async Task Links_AskedFor_AreWrittenAndFollowTheAddress()
    {
        Assert.That(Proxy.Output.ToString(), Is.Empty);

        await Proxy.EditAsync(("show_links", """["hello"]"""));
        await Wait.UntilAsync(() => Links().Contains("tg://proxy?server=203.0.113.7&"), "links");
        Assert.That(Links(), Does.Contain(ProxyFixture.SecretOf("hello")).And.Not.Contain(ProxyFixture.SecretOf("tele")));

        await Proxy.EditAsync(("public_ip", Text("203.0.113.8")));
        await Wait.UntilAsync(() => Links().Contains("tg://proxy?server=203.0.113.8&"), "links with the new address");

        string Links() => Proxy.Output.ToString();
    }

    [Test]
    [LiveKey("logging.level")]
    [LiveKey("logging.levels")]
    [LiveKey("logging.client_ips")]
    public async Task LogLevel_Lowered_SessionsAreTold(
        [Values("logging.level", "logging.levels")] string key, CancellationToken cancellation)
    {
        await EndASessionAsync();
        Assert.That(Proxy.Log.Count(Admitted), Is.Zero);

        await Proxy.EditAsync((key, key == "logging.level" ? Text("debug") : """{ sessions = "debug" }"""));
        await EndASessionAsync();
        await Wait.UntilAsync(() => Proxy.Log.Of(Admitted).Any(line => line.Contains("127.0.0.1")), "a line of the session");

        await Proxy.EditAsync(("logging.client_ips", Text("prefix")));
        await EndASessionAsync();
        await Wait.UntilAsync(() => Proxy.Log.Of(Admitted).Any(line => line.Contains("127.0.0.0/24")), "half an address");

        async Task EndASessionAsync()
        {
            Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation));
            await Proxy.SessionsAsync(0);
        }
    }

    [Test]
    [LiveKey("logging.format")]
    public async Task LogFormat_Changed_TheConsoleFollows()
    {
        var console = Proxy.Host.Services.GetRequiredService<IOptionsMonitor<ConsoleLoggerOptions>>();
        await Proxy.EditAsync(("logging.format", Text("json")));

        Assert.That(console.CurrentValue.FormatterName, Is.EqualTo(ConsoleFormatterNames.Json));
    }

    [Test]
    [LiveKey("state")]
    public async Task State_Changed_WhatIsKeptIsKeptThere()
    {
        using var folder = new TempFolder();
        await Proxy.EditAsync(("state", Text(folder["new"])));

        // Nothing but a looked-up address is kept yet, and these tests look nothing up: the settings are what shows.
        Assert.That(Proxy.Sessions.PerLoop[0].Settings.State, Is.EqualTo(folder["new"]));
    }

    /// <summary>Accepted sockets inherit from the listener, which gets its options a moment behind the settings.</summary>
    private Task ListenerHasAsync(int level, int name, int value) =>
        Wait.UntilAsync(() => KernelSockets.Option(Proxy.Port, level, name) == value, "the listener's option");
}
