using Telemt.Core.Fronting;
using Telemt.Core.Wire;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Core.Fronting;

public sealed class FlightSizesTests
{
    [TestCase(new[] { 3_000 }, 3_000, TestName = "Of(one record)")]
    [TestCase(new[] { 3_000, 250, 250 }, 3_000, TestName = "Of(one record, and tickets)")]
    [TestCase(new[] { 40, 1_000, 281, 53 }, 40 + 1_000 + 281 + 53 + 15, TestName = "Of(a record for each message)")]
    public void Of_Records_IsWhatOneRecordLooksMostLike(int[] records, int size) => Assert.That(FlightSizes.Of(records), Is.EqualTo(size));

    [Test]
    public void Choose_HostWithALongChain_StaysWithinWhatIosTakes() =>
        Assert.That(new FlightSizes(13_000).Choose(new SeededRandom(1)) + TlsRecord.HeaderSize, Is.EqualTo(10_240));

    [Test]
    public void Choose_LengthsOfOneSignature_ComeAsOftenAsSignaturesHaveThem()
    {
        var counts = Drawn(new FlightSizes(101, 102, 102, 100), 40_000);
        Assert.That(counts.Keys, Is.EquivalentTo((int[])[100, 101, 102]));
        Assert.That(counts[101], Is.EqualTo(20_000).Within(600));
        Assert.That(counts[100], Is.EqualTo(10_000).Within(600));
    }

    [Test]
    public void Choose_OtherLengths_ComeAsOftenAsTheyWereSeen()
    {
        var counts = Drawn(new FlightSizes(100, 100, 100, 200), 40_000);
        Assert.That(counts.Keys, Is.EquivalentTo((int[])[100, 200]));
        Assert.That(counts[200], Is.EqualTo(10_000).Within(600));
    }

    private static Dictionary<int, int> Drawn(FlightSizes sizes, int count)
    {
        var random = new SeededRandom(7);
        return Enumerable.Range(0, count).Select(_ => sizes.Choose(random)).CountBy(size => size).ToDictionary();
    }
}
