using Telemt.Core.Policy;
using Telemt.Core.Settings;

namespace Telemt.Tests.Core.Policy;

internal sealed class UserTrafficTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 31, 23, 0, 0, TimeSpan.Zero);

    [Test]
    public void Used_OverDaysAndMonths_CountsThePresentOnes()
    {
        var traffic = new UserTraffic();
        traffic.Add(100, Start.AddDays(-1));
        traffic.Add(10, Start);
        Assert.That(Used(traffic, Start), Is.EqualTo((10L, 110L, 110L)));

        traffic.Add(1, Start.AddHours(2));
        Assert.That(Used(traffic, Start.AddHours(2)), Is.EqualTo((1L, 1L, 111L)), "the first of February");
        Assert.That(Used(traffic, Start.AddDays(3)), Is.EqualTo((0L, 1L, 111L)));
        Assert.That(Used(traffic, Start.AddDays(40)), Is.EqualTo((0L, 0L, 111L)));
    }

    [Test]
    public void Used_ClockSetBack_OpensNoPeriodTwice()
    {
        var traffic = new UserTraffic();
        traffic.Add(10, Start.AddHours(2));
        Assert.That(Used(traffic, Start), Is.EqualTo((10L, 10L, 10L)), "still counted, in the older period");
        traffic.Add(5, Start);
        Assert.That(traffic.Total, Is.EqualTo(15));
    }

    /// <summary>A host that began with the clock of another century counts as usual once it is right.</summary>
    [Test]
    public void Used_ClockOnceFarAhead_PeriodsTurnAgain()
    {
        var traffic = new UserTraffic();
        traffic.Add(10, Start.AddYears(70));
        traffic.Add(5, Start);
        traffic.Add(1, Start.AddHours(2));
        Assert.That(Used(traffic, Start.AddHours(2)), Is.EqualTo((1L, 1L, 16L)));
    }

    [Test]
    public void Reset_ByTheOperator_EveryPeriodBeginsThere()
    {
        var traffic = new UserTraffic();
        traffic.Add(100, Start);
        traffic.Reset(Start);
        traffic.Add(1, Start);
        Assert.That(Used(traffic, Start), Is.EqualTo((1L, 1L, 1L)));
        Assert.That(traffic.Total, Is.EqualTo(101));
    }

    [Test]
    public void Restore_Record_GoesOnWhereItWas()
    {
        var before = new UserTraffic();
        before.Add(100, Start.AddDays(-1));
        before.Add(10, Start);
        var after = new UserTraffic();
        after.Restore(before.ToRecord("alice", Start), Start);
        Assert.That(Used(after, Start), Is.EqualTo((10L, 110L, 110L)));
        Assert.That(Used(after, Start.AddHours(2)), Is.EqualTo((0L, 0L, 110L)), "the month turned while we were gone");
    }

    [Test]
    public void Restore_WhileSomeIsCounted_AddsUp()
    {
        var traffic = new UserTraffic();
        traffic.Add(7, Start);
        traffic.Restore(new TrafficRecord("alice", 100, 90, 50, 0, DayOf(Start), (2026 * 12) + 1), Start);
        Assert.That(Used(traffic, Start), Is.EqualTo((17L, 57L, 107L)));
    }

    /// <summary>While a process that was replaced lets its sessions finish, both count.</summary>
    [Test]
    public void Restore_OfOneThatStillCounts_TakesWhatIsNewOnly()
    {
        var before = new UserTraffic();
        before.Add(100, Start);
        var after = new UserTraffic();
        after.Restore(before.ToRecord("alice", Start), Start);
        after.Add(1, Start);
        before.Add(20, Start);
        for (var i = 0; i < 3; i++)
        {
            after.Restore(before.ToRecord("alice", Start), Start);
            Assert.That(Used(after, Start), Is.EqualTo((121L, 121L, 121L)));
        }
    }

    [Test]
    public void Restore_OfYesterday_LeavesWhatWasCountedTodayIn()
    {
        var before = new UserTraffic();
        before.Add(100, Start);
        var after = new UserTraffic();
        var later = Start.AddHours(2);
        after.Add(7, later);
        after.Restore(before.ToRecord("alice", Start), later);
        Assert.That(Used(after, later), Is.EqualTo((7L, 7L, 107L)));
    }

    [Test]
    public void Add_FromManyThreadsOverMidnight_LosesNothing()
    {
        var traffic = new UserTraffic();
        Parallel.For(0, 100_000, i => traffic.Add(1, Start.AddSeconds(i / 10)));
        var now = Start.AddHours(3);
        Assert.That(traffic.Total, Is.EqualTo(100_000));
        Assert.That(traffic.Used(QuotaPeriod.Month, now), Is.InRange(0, 100_000));
    }

    [TestCase(QuotaPeriod.Day, "2026-02-01")]
    [TestCase(QuotaPeriod.Month, "2026-02-01")]
    [TestCase(QuotaPeriod.Total, null)]
    public void ResetAt_Period_IsItsEnd(QuotaPeriod period, string? end)
        => Assert.That(UserTraffic.ResetAt(period, Start)?.ToString("yyyy-MM-dd"), Is.EqualTo(end));

    private static int DayOf(DateTimeOffset time) => (int)(time.UtcDateTime.Ticks / TimeSpan.TicksPerDay);

    private static (long Day, long Month, long Total) Used(UserTraffic traffic, DateTimeOffset now) =>
        (traffic.Used(QuotaPeriod.Day, now), traffic.Used(QuotaPeriod.Month, now), traffic.Used(QuotaPeriod.Total, now));
}
