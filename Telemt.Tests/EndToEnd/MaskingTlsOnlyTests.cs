using Telemt.Core.Gate;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.EndToEnd;

/// <summary>With fake TLS alone, what the other modes take is a stranger's, at once.</summary>
internal sealed class MaskingTlsOnlyTests : MaskingTests
{
    [Test]
    public Task Header_WithTheRightKey_MeetsTheSite([Values(0xdd, 0xee, 0xef)] int tag, [Values] bool reset, CancellationToken cancellation) =>
        MeetAndPartAsync(TestHeader.Make(Key, (byte)tag).Wire, Refusal.NotTls, reset, cancellation);

    [Test]
    public Task Banner_OfAnotherProtocol_MeetsTheSiteAtOnce(CancellationToken cancellation) =>
        MeetAndPartAsync("SSH-2.0-OpenSSH_9.2p1\r\n"u8.ToArray(), Refusal.NotTls, reset: false, cancellation);

    protected override void Edit(TomlText toml) => toml.Set(("modes.classic", "false"), ("modes.secure", "false"));
}
