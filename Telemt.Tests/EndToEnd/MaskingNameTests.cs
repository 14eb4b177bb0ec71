using Telemt.Core.Gate;
using static Telemt.Tests.EndToEnd.TomlText;

namespace Telemt.Tests.EndToEnd;

/// <summary>A mask host that is a name with several addresses, of which the last answers.</summary>
internal sealed class MaskingNameTests : MaskingTests
{
    [Test]
    public Task Stranger_OfANamedSite_MeetsIt(CancellationToken cancellation) =>
        MeetAndPartAsync(Masking.Garbage(64), Refusal.WrongSecret, reset: false, cancellation);

    protected override void Edit(TomlText toml) => toml.Set(("mask_host", Text("localhost")));
}
