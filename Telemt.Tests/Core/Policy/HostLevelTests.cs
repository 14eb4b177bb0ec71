using Telemt.Core.Policy;

namespace Telemt.Tests.Core.Policy;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class HostLevelTests
{
    private readonly HostLevel _level = new();

    [Test]
    public void Level_WhileTheRateSuffices_HoldsNobody()
    {
        _level.Observe(100, [Free(30), Free(20)]);

        Assert.That(_level.Level, Is.EqualTo(double.PositiveInfinity));
    }

    [Test]
    public void Level_TwoBulkUsersAndASmallOne_TheTwoShareTheRest()
    {
        var rates = (First: 90.0, Second: 6.0);
        for (var window = 0; window < 20; window++)
        {
            _level.Observe(100, [Held(rates.First), Held(rates.Second), Free(4)]);
            rates = (Math.Min(_level.Level, 96 - rates.Second), Math.Min(_level.Level, rates.Second * 1.5));
        }

        Assert.That(_level.Level, Is.EqualTo(48).Within(1));
    }

    [Test]
    public void Level_OneWhoWasHeldByChance_KeepsNothingFromTheOthers()
    {
        Settle(100, [Held(90), Held(2)]);

        Assert.That(_level.Level, Is.EqualTo(97).Within(1));
    }

    [Test]
    public void Level_OneWhoGrowsAfterAnother_ComesToHisHalf()
    {
        var (first, second) = (100.0, 1.0);
        for (var window = 0; window < 20; window++)
        {
            _level.Observe(100, [Held(first), Held(second)]);
            second = Math.Min(_level.Level, second * 1.5);
            first = Math.Min(_level.Level, 100 - second);
        }

        Assert.That(first, Is.EqualTo(50).Within(3));
        Assert.That(second, Is.EqualTo(50).Within(3));
    }

    [Test]
    public void Level_TheRateTakenAway_HoldsNobody()
    {
        Settle(100, [Held(90), Held(20)]);

        _level.Observe(0, [Held(90), Held(20)]);

        Assert.That(_level.Level, Is.EqualTo(double.PositiveInfinity));
    }

    private static FlowSample Held(double rate) => new(rate, rate, true, true);

    private static FlowSample Free(double rate) => new(rate, rate, false, false);

    private void Settle(double capacity, FlowSample[] flows)
    {
        for (var i = 0; i < 20; i++)
        {
            _level.Observe(capacity, flows);
        }
    }
}
