using Telemt.Core.Policy;

namespace Telemt.Tests.Core.Policy;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LinkLevelTests
{
    /// <summary>Windows are a quarter of a second.</summary>
    private const int TenSeconds = 40;

    private readonly LinkLevel _level = new();

    [Test]
    public void SharedLink_64DownloadsAgainstOne_EachUserGetsHalf([Values(1, 2, 3, 4, 5)] int seed)
    {
        var link = new SimulatedLink(100, seed);
        link.Add(64);
        link.Add(1);
        link.Run(_level, TenSeconds);

        var rates = link.Measure(_level, TenSeconds * 2);

        Assert.That(rates[0], Is.InRange(40, 60));
        Assert.That(rates[1], Is.InRange(40, 60));
        Assert.That(rates.Sum(), Is.GreaterThan(95));
    }

    [Test]
    public void SharedLink_OneThatGrowsSlowly_GetsItsShareAndNothingIsLost()
    {
        var link = new SimulatedLink(100);
        link.Add(64);
        link.Add(1).Follows = 0.5;
        link.Run(_level, TenSeconds * 2);

        var rates = link.Measure(_level, TenSeconds * 2);

        Assert.That(rates[1], Is.InRange(40, 60));
        Assert.That(rates.Sum(), Is.GreaterThan(95));
    }

    [Test]
    public void SharedLink_SeveralUsers_EachGetsAnEqualShare()
    {
        var link = new SimulatedLink(100);
        link.Add(100);
        link.Add(20);
        link.Add(1);
        link.Add(1);
        link.Add(3);
        link.Run(_level, TenSeconds * 3);

        var rates = link.Measure(_level, TenSeconds * 2);

        Assert.That(rates, Is.All.InRange(14, 28));
        Assert.That(rates.Sum(), Is.GreaterThan(95));
    }

    [Test]
    public void SharedLink_OneWithANarrowLinkOfHisOwn_TheOthersShareTheRest()
    {
        var link = new SimulatedLink(100);
        link.Add(64);
        link.Add(1, ownLink: 5);
        link.Add(1);
        link.Run(_level, TenSeconds * 2);

        var rates = link.Measure(_level, TenSeconds * 2);

        Assert.That(rates[0], Is.InRange(38, 58));
        Assert.That(rates[1], Is.GreaterThan(4.5));
        Assert.That(rates[2], Is.InRange(36, 58));
        Assert.That(rates.Sum(), Is.GreaterThan(95));
    }

    [Test]
    public void SingleUser_KeepsTheFullLink()
    {
        var link = new SimulatedLink(100);
        link.Add(64);
        link.Run(_level, TenSeconds * 5);

        Assert.That(_level.IsFree);
    }

    [Test]
    public void LinksOfTheirOwn_NobodyIsHeldForLong([Values(0.005, 0.02, 0.1, 0.3)] double noise)
    {
        var link = new SimulatedLink(double.PositiveInfinity, noise: noise);
        for (var i = 1; i <= 50; i++)
        {
            link.Add(i % 7 == 0 ? 8 : 1, ownLink: i);
        }

        link.Run(_level, TenSeconds);

        var rates = link.Measure(_level, TenSeconds * 12);

        Assert.That(rates.Sum(), Is.GreaterThan(0.97 * 50 * 51 / 2));
        Assert.That(rates[49], Is.GreaterThan(0.9 * 50));
    }

    [Test]
    public void LinksOfTheirOwn_OneFastAndOneSlow_TheFastKeepsHis()
    {
        var link = new SimulatedLink(double.PositiveInfinity);
        link.Add(1, ownLink: 100);
        link.Add(1, ownLink: 1);
        link.Run(_level, TenSeconds);

        var rates = link.Measure(_level, TenSeconds * 12);

        Assert.That(rates[0], Is.GreaterThan(97));
    }

    [Test]
    public void TheOther_Ends_TheHeldOneHasTheLinkWithinTwoSeconds()
    {
        var link = new SimulatedLink(100);
        link.Add(64);
        var other = link.Add(1);
        link.Run(_level, TenSeconds);
        Assert.That(_level.IsFree, Is.False);

        other.Wants = false;
        link.Run(_level, 8);

        Assert.That(_level.IsFree);
    }

    [Test]
    public void SharedLink_GrowsOrShrinks_TheSharesFollow()
    {
        var link = new SimulatedLink(100);
        link.Add(64);
        link.Add(1);
        link.Run(_level, TenSeconds);

        foreach (var capacity in (double[])[300, 60])
        {
            link.Capacity = capacity;
            link.Run(_level, TenSeconds * 2);
            var rates = link.Measure(_level, TenSeconds * 2);

            Assert.That(rates[1] / capacity, Is.InRange(0.4, 0.6), $"{capacity}");
            Assert.That(rates.Sum() / capacity, Is.GreaterThan(0.95), $"{capacity}");
        }
    }

    /// <summary>As measured on a link of 100 Mbit/s: what 64 sockets hold goes on filling it for more than a second after the step.</summary>
    [Test]
    public void SharedLink_WhoseQueuesDrainSlowly_IsSharedStill()
    {
        var link = new SimulatedLink(100) { BacklogOfAStream = 5 };
        link.Add(64);
        link.Add(1);
        link.Run(_level, TenSeconds * 2);

        var rates = link.Measure(_level, TenSeconds * 2);

        Assert.That(rates[1] / rates.Sum(), Is.InRange(0.4, 0.6));
        Assert.That(rates.Sum() / link.Capacity, Is.GreaterThan(0.95));
    }
}
