using System.Net.Sockets;
using Telemt.Core.Gate;
using Telemt.Tests.Fakes;
using Telemt.Worker.Sessions;
using static Telemt.Tests.EndToEnd.Masking;

namespace Telemt.Tests.EndToEnd;

/// <summary>Everyone who is not a client meets the site, whatever he begins with.</summary>
internal sealed class MaskingKindsTests : MaskingTests
{
    [Test]
    public Task Stranger_OfAnyKind_MeetsTheSiteAndPartsAsItDoes(
        [ValueSource(typeof(Stranger), nameof(Stranger.All))] Stranger kind, [Values] bool reset, CancellationToken cancellation) =>
        MeetAndPartAsync(kind.Bytes(Now), kind.Reason, reset, cancellation);

    [Test]
    public async Task Garbage_OfEveryLengthUpToAHundred_MeetsTheSiteAsItCame(CancellationToken cancellation)
    {
        var strangers = new List<Socket>();
        for (var length = 1; length <= 100; length++)
        {
            strangers.Add(await Proxy.KnockAsync(cancellation));
            await strangers[^1].SendAllAsync(Garbage(length, seed: length), cancellation);
        }

        await Proxy.TurnAsync();
        Proxy.Advance(TimeSpan.FromSeconds(1));
        var seen = new List<byte[]>();
        for (var i = 0; i < strangers.Count; i++)
        {
            using var site = await Site.AcceptAsync(cancellation);
            site.Shutdown(SocketShutdown.Send);
            var buffer = new byte[200];
            seen.Add(buffer[..await site.ReceiveAsync(buffer, cancellation)]);
        }

        Assert.That(seen.OrderBy(bytes => bytes.Length), Is.EqualTo(Enumerable.Range(1, 100).Select(length => Garbage(length, length))));
        strangers.ForEach(stranger => stranger.Dispose());
    }

    [Test]
    public async Task FirstBytes_ThenSilence_ReachTheSiteSoon([Values(0, 2, 700)] int length, CancellationToken cancellation)
    {
        using var stranger = await Proxy.KnockAsync(cancellation);
        var sent = Proxy.Clock.GetTimestamp();
        var bytes = new TestHello().Signed(Key, Now)[..length];
        await stranger.SendAllAsync(bytes, cancellation);

        using var site = await Site.AcceptAsync(cancellation);
        Assert.That(Proxy.Clock.GetElapsedTime(sent), Is.GreaterThanOrEqualTo(TimeSpan.FromMilliseconds(190)), "a client's hello comes in one go");
        Assert.That(await site.ReceiveAsync(bytes.Length, cancellation), Is.EqualTo(bytes));
        await EndByFinAsync(stranger, site, cancellation);
    }

    /// <summary>Apple's clients open connections long before they speak; networks lose segments.</summary>
    [Test]
    public async Task Hello_CompletedBesideTheSite_IsAClientAsLongAsTheSiteIsQuiet([Values(0, 2, 700)] int first, CancellationToken cancellation)
    {
        var hello = new TestHello().Signed(Key, Now, seed: 1_000 + first);
        using var client = await Proxy.KnockAsync(cancellation);
        await client.SendAllAsync(hello.AsMemory(0, first), cancellation);
        using var site = await Site.AcceptAsync(cancellation);
        Assert.That(await site.ReceiveAsync(first, cancellation), Is.EqualTo(hello[..first]));
        Assert.That(Proxy.Sessions.CountOf(SessionStage.Masked), Is.Zero);

        await client.SendAllAsync(hello.AsMemory(first), cancellation);
        Assert.That(await client.ReceiveAsync(3, cancellation), Is.EqualTo(new byte[] { 0x16, 3, 3 }));
        Assert.That(await site.ReceiveAllAsync(cancellation), Is.Empty, "the site is let go");
    }

    [Test]
    public async Task Hello_CompletedAfterTheSiteHasSpoken_IsTheSites(CancellationToken cancellation)
    {
        var before = Proxy.Sessions.CountOf(Refusal.Stalled);
        var hello = new TestHello().Signed(Key, Now, seed: 1_999);
        using var client = await Proxy.KnockAsync(cancellation);
        await client.SendAllAsync(hello.AsMemory(0, 700), cancellation);
        using var site = await Site.AcceptAsync(cancellation);
        await site.SendAllAsync("tired of waiting"u8.ToArray(), cancellation);
        Assert.That(await client.ReceiveAsync(16, cancellation), Is.EqualTo("tired of waiting"u8.ToArray()));

        await client.SendAllAsync(hello.AsMemory(700), cancellation);
        Assert.That(await site.ReceiveAsync(hello.Length, cancellation), Is.EqualTo(hello));
        await EndByFinAsync(client, site, cancellation);
        await Wait.UntilAsync(() => Proxy.Sessions.CountOf(Refusal.Stalled) == before + 1, "the refusal");
    }

    /// <summary>The site's patience is the one that counts, and its way to end.</summary>
    [Test]
    public async Task SiteThatEnds_BesideASilentOrHalfHello_EndsItAlike(
        [Values(0, 5, 700)] int length, [Values] bool reset, CancellationToken cancellation)
    {
        using var stranger = await Proxy.KnockAsync(cancellation);
        await stranger.SendAllAsync(new TestHello().Signed(Key, Now).AsMemory(0, length), cancellation);
        using var site = await Site.AcceptAsync(cancellation);
        Assert.That(await site.ReceiveAsync(length, cancellation), Has.Length.EqualTo(length));

        // A reset that is there before our loop has seen the connection stand is a dial that failed: nothing to be alike to.
        await TurnLoopsAsync(cancellation);
        if (reset)
        {
            site.Reset();
        }
        else
        {
            site.Shutdown(SocketShutdown.Send);
        }

        Assert.That(await stranger.EndsByResetAsync(cancellation), Is.EqualTo(reset));
    }

    [Test]
    public async Task Nothing_ForAsLongAsFirstByte_IsTheSitesForGood(CancellationToken cancellation)
    {
        using var stranger = await Proxy.KnockAsync(cancellation);
        using var site = await Site.AcceptAsync(cancellation);
        Proxy.Advance(TimeSpan.FromSeconds(290));
        await Proxy.TurnAsync();
        Assert.That(Proxy.Sessions.CountOf(SessionStage.Masked), Is.Zero, "it may still be a client");
        Proxy.Advance(TimeSpan.FromSeconds(11));

        await Wait.UntilAsync(() => Proxy.Sessions.CountOf(SessionStage.Masked) == 1, "the mask");
        await PassAsync(stranger, site, 1_000, seed: 1, cancellation);
        await EndByFinAsync(stranger, site, cancellation);
    }

    [Test]
    public async Task HalfClose_RightAwayOrAfterGarbage_IsTheSitesToAnswer(
        [Values(0, 1, 10, 63, 64, 5_000)] int length, CancellationToken cancellation)
    {
        var bytes = length == 0 ? [] : Garbage(length);
        using var stranger = await Proxy.KnockAsync(cancellation);
        await stranger.SendAllAsync(bytes, cancellation);
        stranger.Shutdown(SocketShutdown.Send);

        using var site = await Site.AcceptAsync(cancellation);
        Assert.That(await site.ReceiveAllAsync(cancellation), Is.EqualTo(bytes));
        await PassAsync(site, stranger, 10_000, seed: 2, cancellation);
        site.Shutdown(SocketShutdown.Send);
        Assert.That(await stranger.ReceiveAllAsync(cancellation), Is.Empty);
    }

    [Test]
    public async Task Reset_ByTheStranger_ReachesTheSite([Values] bool handedThrough, CancellationToken cancellation)
    {
        using var stranger = await Proxy.KnockAsync(cancellation);
        await stranger.SendAllAsync(Garbage(handedThrough ? 64 : 10), cancellation);
        if (!handedThrough)
        {
            stranger.Reset();
        }

        using var site = await Site.AcceptAsync(cancellation);
        if (handedThrough)
        {
            Assert.That(await site.ReceiveAsync(64, cancellation), Has.Length.EqualTo(64));
            stranger.Reset();
        }

        Assert.That(await site.EndsByResetAsync(cancellation));
    }

    [Test]
    public async Task Site_ThatEndsBeforeItReads_ResetsAsOnePassedByDoes(CancellationToken cancellation)
    {
        using var stranger = await Proxy.KnockAsync(cancellation);
        await stranger.SendAllAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray(), cancellation);
        using (var site = await Site.AcceptAsync(cancellation))
        {
            await Wait.UntilAsync(() => !site.HearsNothing(), "the request");
        }

        Assert.That(await stranger.EndsByResetAsync(cancellation), "a close with bytes unread is a reset");
    }

    /// <summary>Spoken to behind its end, a closed site answers by a reset; one passed by is told so with his next word, not the one behind it.</summary>
    [Test]
    public async Task Site_ThatHasClosed_ResetsWhoeverSpeaksOn(CancellationToken cancellation)
    {
        using var stranger = await Proxy.KnockAsync(cancellation);
        await stranger.SendAllAsync(Garbage(100), cancellation);
        using (var site = await Site.AcceptAsync(cancellation))
        {
            await site.ReceiveAsync(100, cancellation);
        }

        Assert.That(await stranger.ReceiveAllAsync(cancellation), Is.Empty);
        var before = Proxy.Sessions.CountOf(SessionEnd.DcReset);
        await stranger.SendAllAsync(Garbage(10), cancellation);
        await Proxy.EndedAsync(SessionEnd.DcReset, (int)before + 1);
        Assert.That(async () => await stranger.SendAsync(Garbage(10), cancellation), Throws.InstanceOf<SocketException>());
    }

    [Test]
    public async Task Hello_OfAWrongSecretInPieces_MeetsTheSiteAsItCame([Values(1, 2, 7, 100, 1_000)] int size, CancellationToken cancellation)
    {
        var hello = new TestHello().Signed(RandomBytes(16), Now);
        using var stranger = await Proxy.KnockAsync(cancellation);
        foreach (var piece in hello.Chunk(size))
        {
            await stranger.SendAllAsync(piece, cancellation);
        }

        using var site = await Site.AcceptAsync(cancellation);
        Assert.That(await site.ReceiveAsync(hello.Length, cancellation), Is.EqualTo(hello));
        await EndByFinAsync(stranger, site, cancellation);
    }

    [Test]
    public async Task Hello_Replayed_MeetsTheSite([Values] bool restamped, [Values] bool otherSegments, CancellationToken cancellation)
    {
        var time = Now;
        var hello = new TestHello().Signed(Key, time, seed: (restamped ? 2 : 0) + (otherSegments ? 1 : 0) + 100);
        using (var client = await Proxy.KnockAsync(cancellation))
        {
            await client.SendAllAsync(hello, cancellation);
            Assert.That(await client.ReceiveAsync(3, cancellation), Is.EqualTo(new byte[] { 0x16, 3, 3 }), "our own ServerHello");
        }

        if (restamped)
        {
            // The time lies open over the digest: whoever recorded it puts it forward by a minute.
            var change = BitConverter.GetBytes(time ^ (time + 60));
            for (var i = 0; i < change.Length; i++)
            {
                hello[11 + 28 + i] ^= change[i];
            }
        }

        var replayed = otherSegments ? TestHello.Cut(hello, 10, 500) : hello;
        await MeetAndPartAsync(replayed, Refusal.Replay, reset: false, cancellation);
    }

    [Test]
    public async Task Header_Replayed_MeetsTheSite([Values(0xdd, 0xee, 0xef)] int tag, CancellationToken cancellation)
    {
        var header = TestHeader.Make(Key, (byte)tag, seed: tag).Wire;
        using (var client = await Proxy.KnockAsync(cancellation))
        {
            await client.SendAllAsync(header, cancellation);
            await Proxy.SessionsAsync(1);
        }

        await Proxy.SessionsAsync(0);
        await MeetAndPartAsync(header, Refusal.Replay, reset: false, cancellation);
    }

    [Test]
    public async Task Megabytes_BothWaysAtOnce_ArriveAsTheyWereSent(CancellationToken cancellation)
    {
        const int Size = 8 * 1024 * 1024;
        var (stranger, site) = await MeetAsync(Garbage(64), stalls: false, cancellation);
        using (stranger)
        using (site)
        {
            await Task.WhenAll(PassAsync(stranger, site, Size, 1, cancellation), PassAsync(site, stranger, Size, 2, cancellation));
            await EndByFinAsync(stranger, site, cancellation);
        }
    }

    /// <summary>Every loop looks at its sockets, and goes on with what waited for them.</summary>
    private async Task TurnLoopsAsync(CancellationToken cancellation)
    {
        for (var turn = 0; turn < 3; turn++)
        {
            await Task.WhenAll(Proxy.Loops.Select(loop =>
            {
                var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                loop.Post(_ => done.SetResult(), null);
                return done.Task.WaitAsync(cancellation);
            }));
        }
    }
}
