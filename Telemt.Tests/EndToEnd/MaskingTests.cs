using System.Net;
using System.Net.Sockets;
using Telemt.Core.Gate;
using Telemt.Tests.Fakes;
using Telemt.Worker.Sessions;
using static Telemt.Tests.EndToEnd.Masking;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>A base for tests of what strangers meet, with one proxy for all tests of a class and a site that each test plays itself.</summary>
[Category("EndToEnd")]
[Platform("Linux")]
[CancelAfter(60_000)]
internal abstract class MaskingTests
{
    protected ProxyFixture Proxy { get; private set; } = null!;

    protected OpenSite Site { get; private set; } = null!;

    protected uint Now => (uint)Proxy.Clock.GetUtcNow().ToUnixTimeSeconds();

    protected byte[] Key { get; } = ProxyFixture.KeyOf("tele").Bytes.ToArray();

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Site = MakeSite();
        Proxy = await ProxyFixture.StartAsync(
            toml =>
            {
                toml.Set(("mask_port", Site.EndPoint is IPEndPoint ? Site.Port : "443"), ("logging.level", Text("debug")));
                Edit(toml);
            },
            loops: 1);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (Proxy is not null)
        {
            await Proxy.DisposeAsync();
        }

        Site.Dispose();
    }

    /// <summary>On a busy machine any pause of a client may have brought the site beside him, which nobody met.</summary>
    [SetUp]
    public async Task MeetNobodyOfBeforeAsync()
    {
        await Wait.UntilAsync(() => Proxy.Sessions.CountOf(SessionStage.Stranger) == 0, "the strangers of the test before to go");
        Site.TurnAway();
    }

    protected virtual OpenSite MakeSite() => new();

    protected virtual void Edit(TomlText toml)
    {
    }

    /// <summary>Sends this as a stranger does, and returns when the site has exactly this; neither has heard anything else.</summary>
    /// <param name="stalls">The stranger waits, and with him whatever is not decided by bytes: a second passes.</param>
    protected async Task<(Socket Stranger, Socket Site)> MeetAsync(byte[] bytes, bool stalls, CancellationToken cancellation)
    {
        var stranger = await Proxy.KnockAsync(cancellation);
        await stranger.SendAllAsync(bytes, cancellation);
        if (stalls)
        {
            await Proxy.TurnAsync();
            Proxy.Advance(TimeSpan.FromSeconds(1));
        }

        var site = await Site.AcceptAsync(cancellation);
        Assert.That(await site.ReceiveAsync(bytes.Length, cancellation), Is.EqualTo(bytes));
        await Proxy.TurnAsync();
        Assert.That(site.HearsNothing(), "nothing but what the stranger sent");
        Assert.That(stranger.HearsNothing(), "nothing of ours");
        return (stranger, site);
    }

    /// <summary>Sends this, and finds it refused for this reason, handed through both ways and ended as the site ends it.</summary>
    protected async Task MeetAndPartAsync(byte[] bytes, Refusal reason, bool reset, CancellationToken cancellation)
    {
        var before = Proxy.Sessions.CountOf(reason);
        var (stranger, site) = await MeetAsync(bytes, reason == Refusal.Stalled, cancellation);
        using (stranger)
        using (site)
        {
            await PassAsync(site, stranger, 5_000, seed: 2, cancellation);
            await PassAsync(stranger, site, 5_000, seed: 3, cancellation);
            if (reset)
            {
                site.Reset();
                Assert.That(await stranger.EndsByResetAsync(cancellation));
            }
            else
            {
                await EndByFinAsync(stranger, site, cancellation);
            }
        }

        await Wait.UntilAsync(() => Proxy.Sessions.CountOf(reason) == before + 1, $"one more refused as {reason}");
    }
}
