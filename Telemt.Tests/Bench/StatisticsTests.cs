using Telemt.Bench.Load.Report;

namespace Telemt.Tests.Bench;

internal sealed class StatisticsTests
{
    [TestCase(new double[] { 5 }, 5)]
    [TestCase(new double[] { 9, 1, 5 }, 5)]
    [TestCase(new double[] { 9, 1, 5, 2 }, 3.5)]
    public void Median_OfRuns_IsTheMiddle(double[] values, double expected) =>
        Assert.That(Statistics.Median(values), Is.EqualTo(expected));

    [TestCase(0.0, 1)]
    [TestCase(0.5, 50)]
    [TestCase(0.99, 99)]
    [TestCase(0.991, 100)]
    [TestCase(1.0, 100)]
    public void Percentile_OfOneToHundred_IsTheValueThatSoManyDoNotExceed(double share, double expected)
    {
        var sorted = Enumerable.Range(1, 100).Select(i => (double)i).ToArray();
        Assert.That(Statistics.Percentile(sorted, share), Is.EqualTo(expected));
    }

    [Test]
    public void Statistics_OfNothing_AreNotANumber()
    {
        Assert.That(Statistics.Median([]), Is.NaN);
        Assert.That(Statistics.Percentile([], 0.5), Is.NaN);
    }
}
