using Telemt.Core.Policy;

namespace Telemt.Tests.Core.Policy;

internal sealed class WaterLevelTests
{
    [TestCase(10, new[] { 1.0, 2, 3 }, double.PositiveInfinity)]
    [TestCase(10, new[] { 20.0, 30 }, 5)]
    [TestCase(10, new[] { 20.0, 1, 30 }, 4.5)]
    [TestCase(10, new[] { 4.0, 20, 1, 30 }, 2.5 + (0.5 * 1))]
    [TestCase(10, new double[0], double.PositiveInfinity)]
    public void Level_OfDemands_CutsOffThoseWhoWantMost(double capacity, double[] demands, double level)
    {
        Assert.That(WaterLevel.Of(capacity, demands), Is.EqualTo(level).Within(1e-9));
    }

    [Test]
    public void Level_OfAnyDemands_SharesAllThereIs()
    {
        var random = new Random(11);
        for (var round = 0; round < 1000; round++)
        {
            double[] demands = [.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => random.NextDouble() * 10)];
            var capacity = random.NextDouble() * 100;

            var level = WaterLevel.Of(capacity, demands);

            var taken = demands.Sum(demand => Math.Min(demand, level));
            Assert.That(taken, Is.EqualTo(Math.Min(capacity, demands.Sum())).Within(1e-6));
        }
    }
}
