using Telemt.Worker.Transport;

namespace Telemt.Tests.Worker.Transport;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class StallListTests
{
    private readonly StallList _list = new();

    [Test]
    public void Heaviest_OfAUserWithManySmallOnes_IsHisOldest()
    {
        var one = Add("one", 100);
        var first = Add("many", 40);
        Add("many", 50);
        Add("many", 30);
        Assert.That(_list.Oldest, Is.SameAs(one));
        Assert.That(_list.Heaviest(), Is.SameAs(first), "120 against 100");

        _list.Remove(first);
        Assert.That(_list.Heaviest(), Is.SameAs(one), "80 against 100");
    }

    [Test]
    public void Heaviest_AfterProgress_IsWhoHasStoodStillLongerOfTheSameUser()
    {
        var first = Add("user", 10);
        var second = Add("user", 10);
        _list.MoveToEnd(first);
        Assert.That(_list.Heaviest(), Is.SameAs(second));
    }

    [Test]
    public void Heaviest_OfNobody_IsNobody() => Assert.That(_list.Heaviest(), Is.Null);

    [Test]
    public void Heaviest_WithoutABacklog_IsTheOldest()
    {
        var first = Add("one", 0);
        Add("two", 0);
        Assert.That(_list.Heaviest(), Is.SameAs(first));
    }

    private Holder Add(string payer, long backlog)
    {
        var holder = new Holder(payer, backlog);
        _list.MoveToEnd(holder);
        return holder;
    }

    private sealed class Holder(object payer, long backlog) : IStallHolder
    {
        public object Payer { get; } = payer;

        public long Backlog { get; } = backlog;

        public IStallHolder? StalledBefore { get; set; }

        public IStallHolder? StalledAfter { get; set; }

        public void EndForMemory()
        {
        }
    }
}
