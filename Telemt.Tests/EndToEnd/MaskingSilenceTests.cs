using System.Net.Sockets;
using Telemt.Tests.Fakes;
using Telemt.Worker.Sessions;
using static Telemt.Tests.EndToEnd.Masking;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>Where there is no site to show, strangers meet silence: what they send is taken, and nothing ends before they do.</summary>
internal sealed class MaskingSilenceTests : LiveTests
{
    private const int MaskLoop = 5003;
    private const int MaskUnreachable = 5002;

    [Test]
    public async Task Mask_Off_IsSilence(CancellationToken cancellation)
    {
        await Proxy.EditAsync(("mask", "false"));
        await MeetsSilenceAsync(cancellation);
    }

    [Test]
    public async Task MaskHost_ThatIsDown_IsSilence(CancellationToken cancellation)
    {
        using var down = Ports.Refusing();
        await Proxy.EditAsync(("mask_port", Ports.PortOf(down).ToString()));
        await MeetsSilenceAsync(cancellation);
        Assert.That(Proxy.Log.Of(MaskUnreachable).Single(), Does.Contain("127.0.0.1"));
    }

    [Test]
    public async Task MaskHost_WhoseSocketIsGone_IsSilence(CancellationToken cancellation)
    {
        await Proxy.EditAsync(("mask_host", Text("/nowhere/site.sock")));
        await MeetsSilenceAsync(cancellation);
        Assert.That(Proxy.Log.Of(MaskUnreachable).Single(), Does.Contain("/nowhere/site.sock"));
    }

    [Test]
    public async Task MaskHost_OfANameThatIsOurselves_IsRefusedAndSilence(CancellationToken cancellation)
    {
        await Proxy.EditAsync(("mask_host", Text("localhost")), ("mask_port", Proxy.Port.ToString()));
        await MeetsSilenceAsync(cancellation);
        Assert.That(Proxy.Log.Of(MaskLoop).Single(), Does.Contain("localhost").And.Contain("127.0.0.1"));
        Assert.That(Proxy.Sessions.PerLoop.Sum(loop => loop.Counters.Accepted), Is.EqualTo(2), "the stranger and a client");
    }

    [Test]
    public async Task MaxMask_Reached_IsSilence(CancellationToken cancellation)
    {
        using var site = new OpenSite();
        await Proxy.EditAsync(("limits.max_mask", "1"), ("mask_port", site.Port));
        using var first = await Proxy.KnockAsync(cancellation);
        await first.SendAllAsync(Garbage(64), cancellation);
        using var firstSite = await site.AcceptAsync(cancellation);

        await MeetsSilenceAsync(cancellation);
        Assert.That(site.IsQuiet);
        await PassAsync(firstSite, first, 1_000, seed: 1, cancellation);

        // Its place is free again when the first is gone.
        first.Dispose();
        firstSite.Dispose();
        await Wait.UntilAsync(() => Proxy.Sessions.CountOf(SessionStage.Masked) == 0, "the end of the first");
        using var third = await Proxy.KnockAsync(cancellation);
        await third.SendAllAsync(Garbage(64), cancellation);
        using var thirdSite = await site.AcceptAsync(cancellation);
    }

    [Test]
    public async Task Silence_LastsAsLongAsAnIdleSiteWould(CancellationToken cancellation)
    {
        await Proxy.EditAsync(("mask", "false"), ("timeouts.mask_idle", "60"));
        using var stranger = await Proxy.KnockAsync(cancellation);
        await stranger.SendAllAsync(Garbage(64), cancellation);
        await Proxy.TurnAsync();
        Proxy.Advance(TimeSpan.FromSeconds(50));
        await stranger.SendAllAsync(Garbage(64), cancellation);
        await Proxy.TurnAsync();
        Proxy.Advance(TimeSpan.FromSeconds(50));
        await Proxy.TurnAsync();
        Assert.That(stranger.HearsNothing(), "he has just spoken");

        await Proxy.EditAsync(("timeouts.mask_idle", "55"));
        Proxy.Advance(TimeSpan.FromSeconds(6));
        Assert.That(await stranger.EndsByResetAsync(cancellation), Is.False, "the edit reached him, and all he sent was read");
    }

    /// <summary>A stranger who goes on speaking, hears nothing, and is left to end it.</summary>
    private async Task MeetsSilenceAsync(CancellationToken cancellation)
    {
        using var stranger = await Proxy.KnockAsync(cancellation);
        await stranger.SendAllAsync(Garbage(64), cancellation);
        for (var i = 0; i < 10; i++)
        {
            await Proxy.TurnAsync();
            await stranger.SendAllAsync(RandomBytes(20_000, i), cancellation);
        }

        Proxy.Advance(TimeSpan.FromSeconds(200));
        await Proxy.TurnAsync();
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        Assert.That(stranger.HearsNothing(), "neither a word nor an end");

        stranger.Shutdown(SocketShutdown.Send);
        Assert.That(await stranger.EndsByResetAsync(cancellation), Is.False, "all that he sent was read");
    }
}
