using Telemt.Core.Routing;
using Telemt.Core.Settings;

namespace Telemt.Tests.Core.Routing;

internal sealed class HealthTests
{
    private static readonly HealthSettings Rules = new() { Threshold = 3, Recover = 2 };
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Test]
    public void Failures_ThreeInARow_TakeItDownOnce()
    {
        var health = new Health();
        Assert.That(Fail(health, 4), Is.EqualTo((Health.Change[])[Health.Change.None, Health.Change.None, Health.Change.WentDown, Health.Change.None]));
        Assert.That((health.State, health.Since, health.LastError, health.LastErrorAt), Is.EqualTo((HealthState.Down, Now, "refused", Now)));
    }

    [Test]
    public void Success_BetweenFailures_CountsAnew()
    {
        var health = new Health();
        Fail(health, 2);
        health.Succeeded(Rules, Now);
        Fail(health, 2);
        Assert.That(health.IsDown, Is.False);
    }

    [Test]
    public void Down_TwoSuccessesInARow_BringItBack()
    {
        var health = new Health();
        Fail(health, 3);
        Assert.That(health.Succeeded(Rules, Now), Is.EqualTo(Health.Change.None));
        Fail(health, 1);
        Assert.That(health.Succeeded(Rules, Now), Is.EqualTo(Health.Change.None), "the failure between them counts");
        Assert.That(health.Succeeded(Rules, Now), Is.EqualTo(Health.Change.CameBack));
        Assert.That((health.State, health.Failures), Is.EqualTo((HealthState.Up, 0)));
    }

    private static Health.Change[] Fail(Health health, int times) =>
        [.. Enumerable.Range(0, times).Select(_ => health.Failed("refused", Rules, Now))];
}
