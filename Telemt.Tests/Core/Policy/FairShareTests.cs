using Telemt.Core.Policy;
using Telemt.Tests.Worker;

namespace Telemt.Tests.Core.Policy;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class FairShareTests
{
    private const int Loops = 2;

    private readonly FairShare _fair = new(Loops);
    private long _now;

    [Test]
    public void User_OfASharedLink_IsHeldByWhatTheLoopsCountedTogether()
    {
        var (many, one) = (Of("many"), Of("one"));
        for (var window = 0; window < 60; window++)
        {
            // A link of 100 MB/s on which 64 connections stand against one, on both loops.
            var level = many.Down.Level.Rate;
            var took = level == 0 ? 98 : Math.Min(98, level / 1e6);
            Move(many, loop: 0, took / 2);
            Move(many, loop: 1, took / 2);
            Move(one, loop: 1, 100 - took);
            Exchange();
        }

        Assert.That(many.Down.Level.Rate, Is.InRange(45e6, 62e6));
        Assert.That(many.Down.IsPaced);
        Assert.That(many.Up.IsPaced, Is.False, "the other direction");
        Assert.That(one.Down.Usual, Is.InRange(38e6, 55e6));
    }

    [Test]
    public void Client_WhoDoesNotRead_WantsNothing()
    {
        var (stalled, good) = (Of("stalled"), Of("good"));
        stalled.Down.On(0).FullNow = 1000;
        for (var window = 0; window < 60; window++)
        {
            Move(good, loop: 0, 100);
            Exchange();
            Assert.That(_fair.IsFree, $"window {window}");
        }
    }

    [Test]
    public void Rates_Edited_AreThoseOfRunningUsers()
    {
        var user = _fair.Of("tele", rate: 5000, _now);
        Assert.That(user.Own.Down.Rate, Is.EqualTo(5000));
        Assert.That(user.Down.IsPaced, Is.False);

        var settings = Samples.Settings();
        _fair.Apply(settings with { Limits = settings.Limits with { Rate = 160_000 } }, _now);

        Assert.That(user.Down.IsPaced, "by the host's rate");
        Assert.That(user.Down.Light.Rate, Is.EqualTo(10_000));

        _fair.Apply(settings, _now);

        Assert.That(user.Down.IsPaced, Is.False);
    }

    [Test]
    public void PolicyRate_OfOneUser_IsSharedByHisSessionsOnly()
    {
        var (one, two) = (Of("one"), Of("two"));

        var first = one.ByPolicy(1000);
        Assert.That(one.ByPolicy(1000), Is.SameAs(first));
        Assert.That(one.ByPolicy(2000), Is.Not.SameAs(first));
        Assert.That(two.ByPolicy(1000), Is.Not.SameAs(first));
        Assert.That(first.Up.Rate, Is.EqualTo(1000));
    }

    [Test]
    public void Exchange_BeforeItsTime_DoesNothing()
    {
        Assert.That(_fair.TryExchange(_now));
        Assert.That(_fair.TryExchange(_now + FairShare.Window - 1), Is.False);
        Assert.That(_fair.TryExchange(_now + FairShare.Window));
    }

    [Test]
    public void Exchange_AfterALongGap_HoldsNobody()
    {
        var (many, one) = (Of("many"), Of("one"));
        for (var window = 0; window < 30; window++)
        {
            Move(many, loop: 0, many.Down.Level.Rate == 0 ? 98 : many.Down.Level.Rate / 1e6);
            Move(one, loop: 0, many.Down.Level.Rate == 0 ? 2 : 100 - (many.Down.Level.Rate / 1e6));
            Exchange();
        }

        Assert.That(_fair.IsFree, Is.False);
        _now += 100 * FairShare.Window;
        Exchange();

        Assert.That(_fair.IsFree);
        Assert.That(many.Down.Level.Rate, Is.Zero);
    }

    private UserShare Of(string user) => _fair.Of(user, rate: null, _now);

    private void Exchange()
    {
        _now += FairShare.Window;
        Assert.That(_fair.TryExchange(_now));
    }

    /// <summary>A window's worth at so many MB/s, with full sinks.</summary>
    private static void Move(UserShare user, int loop, double rate)
    {
        var counters = user.Down.On(loop);
        counters.Moved += (long)(rate * 1e6 * FairShare.Window / 1e9);
        counters.Fulls++;
    }
}
