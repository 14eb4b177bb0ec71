using System.Net.Sockets;
using Telemt.Tests.Fakes;
using Telemt.Worker.Selftest;
using Telemt.Worker.Sessions;

namespace Telemt.Tests.EndToEnd;

/// <summary>Many strangers: they cost the clients nothing, and leave nothing behind.</summary>
[Category("EndToEnd")]
[Platform("Linux")]
[CancelAfter(120_000)]
internal sealed class FloodTests
{
    private const int Flood = 2000;
    private const int Refused = 3001;

    [Test]
    public async Task SilentStrangers_TwoThousandFromOneHost_KeepNoClientOut(CancellationToken cancellation)
    {
        const int MaxHandshakes = 100;
        const int MaxMask = 150;
        await using var proxy = await ProxyFixture.StartAsync(toml => toml.Set(
            ("limits.max_handshakes", MaxHandshakes.ToString()), ("limits.max_mask", MaxMask.ToString())));
        using var running = await proxy.EchoingAsync(Form.Tls, cancellation: cancellation);
        var strangers = new List<Socket>();
        for (var i = 1; i <= Flood; i++)
        {
            strangers.Add(await proxy.KnockAsync(cancellation));
            if (i % 200 == 0)
            {
                Assert.That(await proxy.ServesAsync(Form.All[i / 200 % Form.All.Length], cancellation: cancellation), $"behind {i} strangers");
            }
        }

        await Wait.UntilAsync(
            () => proxy.Sessions.PerLoop.Sum(loop => loop.Counters.Accepted) == 1 + Flood + (Flood / 200), "everyone to be taken in");
        await Wait.UntilAsync(() => proxy.Sessions.CountOf(SessionStage.Stranger) <= MaxHandshakes, "room to be made");
        Assert.That(proxy.Sessions.CountOf(SessionStage.Masked), Is.LessThanOrEqualTo(MaxMask));
        await running.EchoMoreAsync(cancellation: cancellation);
        strangers.ForEach(stranger => stranger.Dispose());
    }

    /// <summary>A user's date far ahead keeps the same timer busy.</summary>
    [Test]
    public async Task SilentStrangers_AboveFourFifths_AreGivenTenSeconds([Values] bool aUserExpires, CancellationToken cancellation)
    {
        await using var proxy = await ProxyFixture.StartAsync(
            toml => toml.Set(
                ("limits.max_handshakes", "10"),
                ("logging.level", TomlText.Text("debug")),
                ("users.late", aUserExpires ? $$"""{ secret = "{{ProxyFixture.SecretOf("late")}}", expires = 9000-01-01T00:00:00Z }""" : null)),
            loops: 1);
        var strangers = new List<Socket>();
        for (var i = 0; i < 8; i++)
        {
            strangers.Add(await proxy.KnockAsync(cancellation));
        }

        await Wait.UntilAsync(() => proxy.Sessions.CountOf(SessionStage.Stranger) == 8, "the accepts");
        await Wait.UntilAsync(() => proxy.Site.Connections == 8, "the site beside each of them");
        await proxy.TurnAsync();
        proxy.Advance(TimeSpan.FromSeconds(12));
        Assert.That(await proxy.ServesAsync(Form.Abridged, cancellation: cancellation), "a turn of the loop later");
        Assert.That(proxy.Sessions.CountOf(SessionStage.Masked), Is.Zero, "no crowd yet");

        strangers.Add(await proxy.KnockAsync(cancellation));
        await Wait.UntilAsync(() => proxy.Sessions.CountOf(SessionStage.Masked) == 1, "one to be masked");
        Assert.That(proxy.Log.Of(Refused).Single(), Does.StartWith("1: "), "the oldest");
        Assert.That(proxy.Sessions.CountOf(SessionStage.Stranger), Is.EqualTo(8));
        strangers.ForEach(stranger => stranger.Dispose());
    }

    [Test]
    public async Task Everyone_LeavingAtOnce_LeavesNoDescriptorAndNoMemory(CancellationToken cancellation)
    {
        await using var proxy = await ProxyFixture.StartAsync();
        Assert.That(await proxy.ServesAsync(Form.Tls, cancellation: cancellation), "what is made once is made");
        await proxy.SessionsAsync(0);
        var before = KernelSockets.Open;
        var clients = new List<ClientConnection>();
        var strangers = new List<Socket>();
        for (var i = 0; i < 300; i++)
        {
            clients.Add(await proxy.EchoingAsync(Form.All[i % Form.All.Length], cancellation: cancellation));
            strangers.Add(await proxy.KnockAsync(cancellation));
        }

        foreach (var (i, stranger) in strangers.Index().Where(item => item.Index % 2 == 0))
        {
            await stranger.SendAsync(new byte[i], cancellation);
        }

        await proxy.SessionsAsync(300);
        foreach (var (i, client) in clients.Index())
        {
            if (i % 3 == 0)
            {
                client.Socket.Reset();
            }

            client.Dispose();
        }

        strangers.ForEach(stranger => stranger.Dispose());
        await Wait.UntilAsync(
            () => proxy.Sessions.Counts is { Sessions: 0, Handshakes: 0, Masked: 0 } && proxy.Telegram.Live == 0, "all to end");
        await Wait.UntilAsync(() => KernelSockets.Open <= before, "every socket to be closed");
        Assert.That(proxy.Held, Is.Zero);
        Assert.That(proxy.Loops.Sum(loop => loop.Timers.Count), Is.Zero, "timers");
    }
}
