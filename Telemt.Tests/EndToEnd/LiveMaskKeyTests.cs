using System.Net;
using System.Net.Sockets;
using Telemt.Tests.Fakes;
using Telemt.Worker.Sessions;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>Edits of what strangers see.</summary>
internal sealed class LiveMaskKeyTests : LiveTests
{
    private static readonly byte[] Garbage = "GET / HTTP/1.1\r\n\r\n"u8.ToArray();

    [Test]
    [LiveKey("mask_port")]
    public async Task MaskPort_Changed_StrangersSeeTheOtherSite(CancellationToken cancellation)
    {
        using var other = new MaskSite("another site");
        Assert.That(await Proxy.ProbeAsync(Garbage, cancellation), Is.EqualTo("a web site"));

        await Proxy.EditAsync(("mask_port", other.Port.ToString()));
        Assert.That(await Proxy.ProbeAsync(Garbage, cancellation), Is.EqualTo("another site"));
        Assert.That(other.Received, Is.EqualTo(new[] { Garbage }));
    }

    [Test]
    [LiveKey("mask_host")]
    public async Task MaskHost_Changed_StrangersSeeTheOtherSite(CancellationToken cancellation)
    {
        using var other = new MaskSite("another site", at: new IPEndPoint(IPAddress.Parse("127.0.0.2"), Proxy.Site.Port));

        await Proxy.EditAsync(("mask_host", Text("127.0.0.2")));
        Assert.That(await Proxy.ProbeAsync(Garbage, cancellation), Is.EqualTo("another site"));
    }

    [Test]
    [LiveKey("mask")]
    public async Task Mask_SwitchedOff_StrangersMeetSilence(CancellationToken cancellation)
    {
        await Proxy.EditAsync(("mask", "false"));
        using var socket = await Proxy.KnockAsync(cancellation);
        await socket.SendAsync(Garbage, cancellation);
        await Wait.UntilAsync(() => Proxy.Sessions.CountOf(SessionStage.Stranger) == 1, "the stranger");

        // Whoever comes later is served: had there been an answer, it would be there by then.
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation));
        Assert.That(socket.Poll(0, SelectMode.SelectRead), Is.False, "neither a word nor an end");
        Assert.That(Proxy.Site.Connections, Is.Zero);

        await Proxy.EditAsync(("mask", "true"));
        Assert.That(await Proxy.ProbeAsync(Garbage, cancellation), Is.EqualTo("a web site"));
    }

    [Test]
    [LiveKey("limits.max_mask")]
    public async Task MaxMask_Lowered_OneTooManyMeetsSilence(CancellationToken cancellation)
    {
        using var site = new MaskSite(ends: false);
        await Proxy.EditAsync(("limits.max_mask", "1"), ("mask_port", site.Port.ToString()), ("logging.level", Text("debug")));
        using var first = await Proxy.KnockAsync(cancellation);
        await first.SendAsync(Garbage, cancellation);
        Assert.That(await first.ReceiveAsync(new byte[100], cancellation), Is.Positive);

        using var second = await Proxy.KnockAsync(cancellation);
        await second.SendAsync(Garbage, cancellation);
        await Wait.UntilAsync(() => Proxy.Log.Count(5001) == 1, "the limit to be met");
        Assert.That(second.Poll(0, SelectMode.SelectRead), Is.False, "neither a word nor an end");

        await Proxy.EditAsync(("limits.max_mask", "2"));
        using var third = await Proxy.KnockAsync(cancellation);
        await third.SendAsync(Garbage, cancellation);
        Assert.That(await third.ReceiveAsync(new byte[100], cancellation), Is.Positive);
    }

    [Test]
    [LiveKey("timeouts.mask_idle")]
    [LiveKey("timeouts.mask_total")]
    public async Task MaskTimes_Shortened_TakeEffectOnARunningOne(
        [Values("timeouts.mask_idle", "timeouts.mask_total")] string key, CancellationToken cancellation)
    {
        using var site = new MaskSite(ends: false);
        await Proxy.EditAsync(("mask_port", site.Port.ToString()));
        using var stranger = await Proxy.KnockAsync(cancellation);
        await stranger.SendAsync(Garbage, cancellation);
        Assert.That(await stranger.ReceiveAsync(new byte[100], cancellation), Is.Positive);

        await Proxy.EditAsync((key, "60"));
        Proxy.Advance(TimeSpan.FromSeconds(50));
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation), "a turn of the loop later");
        Assert.That(Proxy.Sessions.CountOf(SessionStage.Masked), Is.EqualTo(1));
        Proxy.Advance(TimeSpan.FromSeconds(11));

        await Proxy.EndedAsync(key == "timeouts.mask_idle" ? SessionEnd.Idle : SessionEnd.Total);
        Assert.That(await stranger.EndsByResetAsync(cancellation), Is.False);
    }

    [Test]
    [LiveKey("timeouts.mask_connect")]
    public async Task MaskConnect_Changed_BoundsTheWayToTheSite(CancellationToken cancellation)
    {
        using var silent = new SilentPort();
        await Proxy.EditAsync(("mask_port", silent.EndPoint.Port.ToString()), ("timeouts.mask_connect", "60"));
        using var stranger = await Proxy.KnockAsync(cancellation);
        await stranger.SendAsync(Garbage, cancellation);
        await Wait.UntilAsync(() => Proxy.Sessions.CountOf(SessionStage.Masked) == 1, "the way to the site");

        Proxy.Advance(TimeSpan.FromSeconds(50));
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation), "a turn of the loop later");
        Assert.That(Proxy.Log.Count(5002), Is.Zero);
        Proxy.Advance(TimeSpan.FromSeconds(11));

        await Wait.UntilAsync(() => Proxy.Log.Count(5002) == 1, "the end of patience");
        Assert.That(stranger.Poll(0, SelectMode.SelectRead), Is.False, "a close of ours would tell");
    }
}
