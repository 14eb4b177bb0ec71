using System.Net.Sockets;
using Telemt.Core.Gate;
using Telemt.Tests.Fakes;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>A mask host that is the path of a unix socket; of the modes, secure alone.</summary>
internal sealed class MaskingUnixTests : MaskingTests
{
    private readonly TempFolder _folder = new();

    [Test]
    public Task Header_OfAModeThatIsOff_MeetsTheSite([Values(0xee, 0xef)] int tag, CancellationToken cancellation) =>
        MeetAndPartAsync(TestHeader.Make(Key, (byte)tag).Wire, Refusal.ModeOff, reset: false, cancellation);

    [Test]
    public Task Hello_WithTheRightSecretWhileTlsIsOff_MeetsTheSite(CancellationToken cancellation) =>
        MeetAndPartAsync(new TestHello().Signed(Key, Now), Refusal.ModeOff, reset: false, cancellation);

    [Test]
    public async Task Site_ThatEndsBeforeItReads_Resets(CancellationToken cancellation)
    {
        using var stranger = await Proxy.KnockAsync(cancellation);
        await stranger.SendAllAsync(Masking.Garbage(64), cancellation);
        using (var site = await Site.AcceptAsync(cancellation))
        {
            await Wait.UntilAsync(() => !site.HearsNothing(), "the request");
        }

        Assert.That(await stranger.EndsByResetAsync(cancellation), "a close with bytes unread is a reset, in this family too");
    }

    protected override OpenSite MakeSite() => new(new UnixDomainSocketEndPoint(_folder["site.sock"]));

    protected override void Edit(TomlText toml) =>
        toml.Set(("mask_host", Text(_folder["site.sock"])), ("modes.classic", "false"), ("modes.tls", "false"));

    [OneTimeTearDown]
    public void RemoveFolder() => _folder.Dispose();
}
