using System.Buffers.Binary;
using Telemt.Core.Client;
using Telemt.Core.Fronting;
using Telemt.Core.Gate;
using Telemt.Core.Wire;
using Telemt.Tests.Fakes;
using Telemt.Worker.Fronting;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>What an accepted client's handshake looks like follows the site, and the edits.</summary>
internal sealed class LiveFrontingKeyTests : LiveTests
{
    private const int OfferLearned = 8307;

    [Test]
    [LiveKey("fronting.profile")]
    public async Task Profile_SwitchedOnAndOff_FlightIsTheSitesAndOnesOfManyAgain(CancellationToken cancellation)
    {
        using var site = new TlsSite { KeyFirst = true };
        var typical = (await Proxy.AskAsync(cancellation: cancellation)).Flight;
        await FollowAsync(site);

        var flight = (await Proxy.AskAsync(cancellation: cancellation)).Flight;
        Assert.That(flight.Records, Is.EqualTo((int[])[3_333]));
        Assert.That(flight.Extensions, Is.EqualTo(HostAnswer.KeyFirst));
        Assert.That(await Proxy.ServesAsync(Form.Tls, cancellation: cancellation));

        await Proxy.EditAsync(("fronting.profile", Text("default")));
        await Wait.UntilAsync(() => Profile is null, "the profile to go");
        flight = (await Proxy.AskAsync(cancellation: cancellation)).Flight;
        Assert.That(flight.Records[0], Is.EqualTo(typical.Records[0]).Within(2));
        Assert.That(flight.Extensions, Is.EqualTo(HostAnswer.VersionsFirst));
    }

    [Test]
    [LiveKey("fronting.refresh")]
    public async Task Refresh_Shortened_SiteIsLookedAtAgainAndItsNewFlightTaken(CancellationToken cancellation)
    {
        using var site = new TlsSite();
        await FollowAsync(site);
        site.Sizes = [2_222];
        site.Suite = Tls13.ChaCha20Poly1305Sha256;

        await Proxy.EditAsync(("fronting.refresh", "1"));
        await Wait.UntilAsync(() => Profile!.Typically is { Sizes.Longest: 2_222, Suite: Tls13.ChaCha20Poly1305Sha256 }, "the new flight");
        var flight = (await Proxy.AskAsync(cancellation: cancellation)).Flight;
        Assert.That(flight.Records, Is.EqualTo((int[])[2_222]));
        Assert.That(flight.Suite, Is.EqualTo(Tls13.ChaCha20Poly1305Sha256));
    }

    [Test]
    [LiveKey("fronting.key_share")]
    public async Task KeyShare_Changed_GroupIsTheSitesOrTheOperators(CancellationToken cancellation)
    {
        using var site = new TlsSite { MlKem = true };
        await FollowAsync(site);
        Assert.That(await GroupAsync(HelloStyle.Modern), Is.EqualTo(Tls13.X25519MlKem768));
        Assert.That(await GroupAsync(HelloStyle.Legacy), Is.EqualTo(Tls13.X25519));

        await Proxy.EditAsync(("fronting.key_share", Text("x25519")));
        Assert.That(await GroupAsync(HelloStyle.Modern), Is.EqualTo(Tls13.X25519));

        await Proxy.EditAsync(("fronting.key_share", Text("x25519mlkem768")), ("fronting.profile", Text("default")));
        Assert.That(await GroupAsync(HelloStyle.Modern), Is.EqualTo(Tls13.X25519MlKem768));

        async Task<ushort> GroupAsync(HelloStyle style) => (await Proxy.AskAsync(style, cancellation)).Flight.Group;
    }

    [Test]
    [LiveKey("fronting.record_sizing")]
    public async Task RecordSizing_SwitchedOff_DownloadsBeginWithFullRecords(CancellationToken cancellation)
    {
        Assert.That(await LongestAsync(), Is.InRange(1_200, 1_400), "what fits into a segment comes first");
        await Proxy.EditAsync(("fronting.record_sizing", "false"));
        Assert.That(await LongestAsync(), Is.GreaterThan(4_400));

        // Of the first 20,000 bytes that come back.
        async Task<int> LongestAsync()
        {
            using var client = await Proxy.EchoingAsync(Form.Tls, cancellation: cancellation);
            await client.SendAsync(Masking.RandomBytes(60_000), cancellation);
            var bytes = await client.Socket.ReceiveAsync(20_000, cancellation);
            var longest = 0;
            for (var at = 0; at + 5 <= bytes.Length; at += 5 + BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at + 3)))
            {
                longest = Math.Max(longest, BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at + 3)));
            }

            return longest;
        }
    }

    [Test]
    public async Task Domain_Added_HasAProfileOfItsOwn(CancellationToken cancellation)
    {
        using var site = new TlsSite();
        await FollowAsync(site);
        await Proxy.EditAsync(("tls_domains", """["www.example.org"]"""));
        await Wait.UntilAsync(() => Profiles.For("www.example.org").Typically.Sizes.Longest == 3_333, "the second domain's profile");
        Assert.That(site.Hellos.Any(hello => hello.AsSpan().IndexOf("www.example.org"u8) > 0));
    }

    [Test]
    public async Task Mask_Moved_FlightIsTheNewSites(CancellationToken cancellation)
    {
        using var site = new TlsSite();
        using var other = new TlsSite { Sizes = [4_444] };
        await FollowAsync(site);
        await Proxy.EditAsync(("mask_port", other.Port.ToString()));
        await Wait.UntilAsync(() => Profile is { Typically.Sizes.Longest: 4_444 }, "the new site's profile");
        Assert.That((await Proxy.AskAsync(cancellation: cancellation)).Flight.Records, Is.EqualTo((int[])[4_444]));
    }

    /// <summary>The site's own order of suites shows with offers that it was never asked with; then it is asked.</summary>
    [Test]
    public async Task Client_WithAnOfferOfItsOwn_IsAnsweredAlikeAndTheSiteIsAsked(CancellationToken cancellation)
    {
        using var site = new TlsSite { Suite = Tls13.ChaCha20Poly1305Sha256 };
        await FollowAsync(site, ("logging.level", Text("debug")));
        var hello = new TestHello { Suites = [0x13, 0x01, 0x13, 0x03] }.Signed(ProxyFixture.KeyOf("tele").Bytes.ToArray(), Time);
        Assert.That(ClientHello.TryParse(hello, out var parsed), Is.True);
        var offer = HelloPrint.Of(hello, parsed);
        Assert.That(Profile!.Knows(offer), Is.False);

        var flight = (await Flights.AskAsync(Proxy.Port, hello, cancellation)).Flight;
        Assert.That(flight.Suite, Is.EqualTo(Tls13.ChaCha20Poly1305Sha256));
        await Wait.UntilAsync(() => Profile.Knows(offer), "the site to be asked");
        Assert.That(Proxy.Log.Count(OfferLearned), Is.EqualTo(1));
        Assert.That(site.Hellos.Any(each => each.AsSpan().IndexOf(hello.AsSpan(11, 32)) >= 0), Is.False, "the client's own hello stays here");
    }

    [Test]
    public async Task Client_WithAnOfferThatTheSiteRefuses_MeetsTheSite(CancellationToken cancellation)
    {
        using var site = new TlsSite { Refused = "http/1.1" };
        await FollowAsync(site);
        var before = site.Hellos.Count;
        var flight = (await Proxy.AskAsync(HelloStyle.Http1, cancellation)).Flight;
        Assert.That((flight.Kind, flight.Alert), Is.EqualTo((HostFlightKind.Alert, (byte)120)));
        Assert.That(site.Hellos, Has.Count.EqualTo(before + 1));
        await Wait.UntilAsync(() => Proxy.Sessions.CountOf(Refusal.SiteRefuses) == 1, "the refusal");
        Assert.That((await Proxy.AskAsync(cancellation: cancellation)).Flight.Kind, Is.EqualTo(HostFlightKind.Tls13));
    }

    [Test]
    public async Task Profile_KeptInState_IsInForceFromTheNextStart(CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        using (var site = new TlsSite { KeyFirst = true, Sizes = [3_100, 3_101, 3_102] })
        {
            await FollowAsync(site, ("state", Text(folder.Path)));
            await Wait.UntilAsync(() => File.Exists(folder[MaskProfileFile.Name]), "the file");
        }

        // The site is gone: all that the next run can know is what the file says.
        var port = Proxy.Toml["mask_port"];
        await using var next = await ProxyFixture.StartAsync(toml => toml.Set(
            ("state", Text(folder.Path)), ("mask_port", port), ("fronting.profile", Text("mask"))));
        var flight = (await next.AskAsync(cancellation: cancellation)).Flight;
        Assert.That(flight.Records[0], Is.InRange(3_100, 3_102));
        Assert.That(flight.Extensions, Is.EqualTo(HostAnswer.KeyFirst));
    }

    [Test]
    public async Task Flight_OfASlowSite_LeavesAsLateAsTheSites(CancellationToken cancellation)
    {
        using var site = new TlsSite { Delay = TimeSpan.FromMilliseconds(80) };
        await FollowAsync(site);
        Assert.That((await Proxy.AskAsync(cancellation: cancellation)).Delay, Is.GreaterThan(TimeSpan.FromMilliseconds(60)));
    }

    private FlightProfiles Profiles => Proxy.Service<FlightProfiles>();

    /// <summary>The site's, or null while none is followed.</summary>
    private FlightProfile? Profile => Profiles.For(ProxyFixture.Domain) is { Offers.Count: > 0 } profile ? profile : null;

    private uint Time => (uint)Proxy.Clock.GetUtcNow().ToUnixTimeSeconds();

    private async Task FollowAsync(TlsSite site, params (string Key, string? Value)[] more)
    {
        await Proxy.EditAsync([("mask_port", site.Port.ToString()), ("fronting.profile", Text("mask")), ("fronting.refresh", Text("30d")), .. more]);
        await Wait.UntilAsync(() => Profile is { Delays.Length: >= 8 }, "the site's profile");
        var asked = -1;
        await Wait.UntilAsync(() => asked == (asked = site.Hellos.Count) && asked >= 16, "the look to end");
    }
}
