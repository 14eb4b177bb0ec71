using Telemt.Core.Client;
using Telemt.Core.Wire;
using Telemt.Tests.Fakes;
using Telemt.Worker;
using Telemt.Worker.Sessions;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>An edit of telemt.toml while clients are served.</summary>
[Category("EndToEnd")]
[Platform("Linux")]
[CancelAfter(90_000)]
internal sealed class ReloadTests
{
    private const int Megabyte = 1024 * 1024;
    private const int Refused = 1011;

    [Test]
    public async Task Edits_OfAllThatConcernsOthers_CostARunningTransferNoByte(
        [ValueSource(typeof(Form), nameof(Form.All))] Form form, CancellationToken cancellation)
    {
        await using var proxy = await ProxyFixture.StartAsync();
        using var client = await proxy.EchoingAsync(form, cancellation: cancellation);
        var edited = 0;
        var moved = 0L;
        var transfer = Task.Run(async () =>
        {
            for (var round = 0; moved < 32 * Megabyte || Volatile.Read(ref edited) == 0; round++)
            {
                await client.EchoMoreAsync(2 * Megabyte, round, moved, cancellation);
                moved += 2 * Megabyte;
            }
        }, cancellation);

        await proxy.EditAsync(("users.hello", null));
        await proxy.EditAsync(("users.added", Text(ProxyFixture.SecretOf("added"))));
        await proxy.EditAsync(("tls_domain", Text("other.example.com")));
        await proxy.EditAsync(("timeouts.idle", "600"), ("timeouts.half_open", "5"), ("timeouts.handshake", "1"));
        await proxy.EditAsync(("mask", "false"));
        await proxy.EditAsync(("mask", "true"), ("mask_port", "81"));
        await proxy.EditAsync(("port", Ports.Free().ToString()));
        await proxy.EditAsync(("fast_mode", "false"), ("prefer_ipv6", "true"), ("default_dc", "3"));
        await proxy.EditAsync(("dc_overrides.2", Text("127.0.0.1:9")));
        await proxy.EditAsync(("modes.classic", "false"), ("modes.secure", "false"));
        await proxy.EditAsync(("modes.classic", "true"), ("modes.tls", "false"));
        await proxy.EditAsync(("limits.max_handshakes", "1"), ("limits.max_mask", "1"), ("client_keepalive", "7"));
        await proxy.EditAsync(("limits.max_connections", "1"), ("limits.memory", Text("1MiB")));
        Volatile.Write(ref edited, 1);

        await transfer;
        Assert.That(proxy.Sessions.CountOf(SessionStage.Client), Is.EqualTo(1));
    }

    [Test]
    public async Task Connection_SilentSinceBeforeItsUserWasRemoved_IsNotServed(CancellationToken cancellation)
    {
        await using var proxy = await ProxyFixture.StartAsync();
        using var socket = await proxy.KnockAsync(cancellation);
        await Wait.UntilAsync(() => proxy.Sessions.CountOf(SessionStage.Stranger) == 1, "the accept");

        await proxy.EditAsync(("users.tele", null));
        await socket.SendAsync(TestHeader.Make(ProxyFixture.KeyOf("tele").Bytes.ToArray(), (byte)ProtocolTag.Abridged).Wire, cancellation);

        await socket.EndsByResetAsync(cancellation);
        await proxy.EndedAsync(SessionEnd.UserGone);
        Assert.That(proxy.Telegram.Accepted, Is.Zero);
    }

    [Test]
    public async Task Hello_SeenBeforeAnEdit_IsStillRefusedAfterIt(CancellationToken cancellation)
    {
        await using var proxy = await ProxyFixture.StartAsync();
        var secret = ClientSecret.Tls(ProxyFixture.KeyOf("tele"), ProxyFixture.Domain);
        var hello = new ProxyClient(secret, ProtocolTag.PaddedIntermediate, 2, new SystemRandomSource(), proxy.Clock).Hello;
        using (var first = await proxy.KnockAsync(cancellation))
        {
            await first.SendAsync(hello, cancellation);
            var answer = new byte[3];
            await first.ReceiveAsync(answer, cancellation);
            Assert.That(answer, Is.EqualTo(new byte[] { 0x16, 3, 3 }), "a ServerHello of ours");
        }

        Assert.That(await proxy.ProbeAsync(hello, cancellation), Is.EqualTo("a web site"));
        await proxy.EditAsync(("users.added", Text(ProxyFixture.SecretOf("added"))), ("replay.capacity", "100000"));
        await proxy.EditAsync(("tls_domains", """["more.example.com"]"""), ("replay.capacity", "2000000"));

        Assert.That(await proxy.ProbeAsync(hello, cancellation), Is.EqualTo("a web site"));
        Assert.That(proxy.Site.Received, Has.All.EqualTo(hello), "the site gets what the stranger sent");
    }

    [TestCase("port = = 1", TestName = "{m}: broken")]
    [TestCase("", TestName = "{m}: empty")]
    [TestCase("port = 70000\n", TestName = "{m}: out of range")]
    public async Task BadFile_IsRefusedAsAWholeAndTheLastGoodServes(string text, CancellationToken cancellation)
    {
        await using var proxy = await ProxyFixture.StartAsync();
        using var running = await proxy.EchoingAsync(Form.Tls, cancellation: cancellation);

        proxy.Write(text);
        await Wait.UntilAsync(() => proxy.Log.Count(Refused) > 0, "the refusal");

        await running.EchoMoreAsync(cancellation: cancellation);
        Assert.That(await proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        await proxy.EditAsync(("users.added", Text(ProxyFixture.SecretOf("added"))));
        Assert.That(await proxy.ServesAsync(Form.Tls, user: "added", cancellation: cancellation), "a good edit takes over again");
    }

    [Test]
    public async Task DeletedFile_LastGoodServesUntilItIsBack(CancellationToken cancellation)
    {
        await using var proxy = await ProxyFixture.StartAsync();
        using var running = await proxy.EchoingAsync(Form.Tls, cancellation: cancellation);

        File.Delete(proxy.Path);
        await Wait.UntilAsync(() => proxy.Log.Count(Refused) > 0, "the watch to see it");

        await running.EchoMoreAsync(cancellation: cancellation);
        Assert.That(await proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        proxy.Toml["users.added"] = Text(ProxyFixture.SecretOf("added"));
        await File.WriteAllTextAsync(proxy.Path, proxy.Toml.ToString(), cancellation);
        await proxy.FollowedAsync(2);
        Assert.That(await proxy.ServesAsync(Form.Tls, user: "added", cancellation: cancellation));
    }

    [Test]
    public async Task HundredEdits_OneAfterTheOther_EndAtTheLast(CancellationToken cancellation)
    {
        await using var proxy = await ProxyFixture.StartAsync();
        using var running = await proxy.EchoingAsync(Form.Secure, cancellation: cancellation);

        for (var i = 1; i <= 100; i++)
        {
            proxy.Toml[$"users.user{i - 1}"] = null;
            proxy.Toml[$"users.user{i}"] = Text(ProxyFixture.SecretOf($"user{i}"));
            await File.WriteAllTextAsync(proxy.Path, proxy.Toml.ToString(), cancellation);
        }

        await Wait.UntilAsync(
            () => proxy.Sessions.PerLoop.All(loop => loop.Settings.Users.FindByName("user100") is not null), "the last edit by the watch alone");
        Assert.That(await proxy.ServesAsync(Form.Tls, user: "user100", cancellation: cancellation));
        Assert.That(await proxy.ServesAsync(Form.Tls, user: "user99", cancellation: cancellation), Is.False);
        await running.EchoMoreAsync(cancellation: cancellation);
    }
}
