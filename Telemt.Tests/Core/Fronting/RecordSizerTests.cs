using Telemt.Core.Fronting;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Core.Fronting;

public sealed class RecordSizerTests
{
    private const int Much = 1 << 20;

    [Test]
    public void Bulk_Always_FillsRecordsAsTls13ServersDo()
    {
        var sizer = RecordSizer.Bulk;
        foreach (var now in (long[])[0, 500, 5_000, 1_000_000])
        {
            sizer.Begin(now);
            Assert.That(sizer.Next(Much), Is.EqualTo(16_384 + 17));
            Assert.That(sizer.Next(16_402), Is.EqualTo(16_401));
            Assert.That(sizer.Next(1), Is.EqualTo(1));
        }
    }

    [Test]
    public void Growing_Download_BeginsWithinSegmentsAndEndsInFullRecords()
    {
        var sizer = RecordSizer.Growing(new SeededRandom(1));
        sizer.Begin(7);
        var sizes = Enumerable.Range(0, 100).Select(_ => sizer.Next(Much)).ToList();
        Assert.That(sizes.Take(40), Is.All.InRange(RecordSizer.Shortest, 1_400));
        Assert.That(sizes.Skip(40).Take(20), Is.All.InRange(4_000, 4_400));
        Assert.That(sizes.Skip(60), Is.All.EqualTo(RecordSizer.Longest));
        Assert.That(sizes.Take(40).Distinct().Count(), Is.GreaterThan(15), "no constant length");
    }

    [Test]
    public void Growing_AfterAPause_BeginsAnew()
    {
        var sizer = RecordSizer.Growing(new SeededRandom(1));
        for (var now = 0; now < 60_000; now += 999)
        {
            sizer.Begin(now);
            sizer.Next(Much);
        }

        sizer.Begin(60_000);
        Assert.That(sizer.Next(Much), Is.EqualTo(RecordSizer.Longest));
        sizer.Begin(61_000);
        Assert.That(sizer.Next(Much), Is.LessThanOrEqualTo(1_400));
    }

    [Test]
    public void Growing_LessThanARecord_IsOneOfItsLength()
    {
        var sizer = RecordSizer.Growing(new SeededRandom(1));
        sizer.Begin(0);
        Assert.That(((int[])[1, 100, 1_000]).Select(waiting => sizer.Next(waiting)), Is.EqualTo((int[])[1, 100, 1_000]));
    }

    [Test]
    public void Growing_Connections_DifferInTheirShortRecords()
    {
        var longest = Enumerable.Range(0, 50).Select(seed =>
        {
            var sizer = RecordSizer.Growing(new SeededRandom(seed));
            return Enumerable.Range(0, 40).Max(_ => sizer.Next(Much));
        });
        Assert.That(longest.Distinct().Count(), Is.GreaterThan(25));
    }
}
