namespace Telemt.Tests.External.Probing;

internal sealed class KolmogorovSmirnovTests
{
    /// <summary>The table of the two-sample test: for 200 and 200, 1 % lies at a distance of 0.163.</summary>
    [TestCase(32, ExpectedResult = true)]
    [TestCase(34, ExpectedResult = false)]
    public bool Probability_AtADistance_IsAboveOnePerCentOrNot(int of200)
    {
        double[] one = [.. Enumerable.Range(0, 200)];
        return KolmogorovSmirnov.Probability(one, [.. one.Select(value => value + of200)]) > 0.01;
    }

    [Test]
    public void Probability_OfSamplesOfOneDistribution_IsEvenlySpread()
    {
        var random = new Random(1);
        var below = Enumerable.Range(0, 1000).Count(_ => KolmogorovSmirnov.Probability(Sample(), Sample()) < 0.05);
        Assert.That(below, Is.InRange(20, 80));

        double[] Sample() => [.. Enumerable.Range(0, 100).Select(_ => random.NextDouble())];
    }
}
