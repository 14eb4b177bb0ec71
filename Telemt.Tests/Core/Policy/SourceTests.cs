using Telemt.Core.Policy;

namespace Telemt.Tests.Core.Policy;

internal sealed class SourceTests
{
    [Test]
    public void Table_ConnectionsComeAndGo_HoldsWhatIsOpenAndNoMore()
    {
        var table = new SourceTable();
        var first = table.Enter(7);
        Assert.That(table.Enter(7), Is.SameAs(first));
        Assert.That((first.Connections, table.Count), Is.EqualTo((2, 1)));
        table.Leave(first);
        table.Leave(first);
        Assert.That(table.Count, Is.Zero);
        Assert.That(table.Enter(7), Is.Not.SameAs(first));
    }

    [Test]
    public void Table_ManySourcesAndThreads_IsEmptyWhenAllHaveGone()
    {
        var table = new SourceTable();
        Parallel.For(0, 100_000, i =>
        {
            var counts = table.Enter((ulong)(i % 97) << 32);
            Assert.That(counts.Connections, Is.Positive);
            table.Leave(counts);
        });
        Assert.That(table.Count, Is.Zero);
    }

    [Test]
    public void Clients_AsManyAsThereMayBe_AreExact()
    {
        var counts = new SourceCounts(1);
        var entered = 0;
        Parallel.For(0, 1000, _ => Interlocked.Add(ref entered, counts.TryAddClient(50) ? 1 : 0));
        Assert.That(entered, Is.InRange(1, 50));
        Assert.That(Enumerable.Range(0, 60).Count(_ => counts.TryAddClient(50)), Is.EqualTo(50 - entered));
        Assert.That(counts.TryAddClient(0), "0 is no limit");
    }

    [Test]
    public void Budget_BogusHellosOverManyUsers_StopTheScanAndComeBackInTime()
    {
        var budget = new ScanBudget();
        var scans = 0;
        for (; budget.HasLeft(1, now: 1000) && scans < 1000; scans++)
        {
            budget.Charge(1, 10_000, now: 1000);
        }

        Assert.Multiple(() =>
        {
            Assert.That(scans, Is.EqualTo(20));
            Assert.That(budget.HasLeft(2, now: 1000), "another source");
            Assert.That(budget.HasLeft(1, now: 1000), Is.False);
            Assert.That(budget.HasLeft(1, now: 1000 + 1001), "one scan a second");
            budget.Charge(1, 10_000, now: 1000 + 1001);
            budget.Charge(1, 10_000, now: 1000 + 1001);
            Assert.That(budget.HasLeft(1, now: 1000 + 1001), Is.False);
            Assert.That(budget.HasLeft(1, now: 1000 + 60_000));
        });
    }

    /// <summary>The cost of a scan over a few users is less than that of the connection: nothing is kept out for its sake.</summary>
    [Test]
    public void Budget_BogusHellosOverFewUsers_NeverStopsTheScan()
    {
        var budget = new ScanBudget();
        for (var i = 0; i < 10_000; i++)
        {
            budget.Charge(1, 10, now: i);
            Assert.That(budget.HasLeft(1, now: i));
        }
    }

    [Test]
    public void Budget_MoreSourcesThanPlaces_ForgetsAndStaysAsItIs()
    {
        var budget = new ScanBudget();
        for (var source = 0UL; source < 100_000; source++)
        {
            budget.Charge(source, 2 * ScanBudget.Most, now: 1);
        }

        Assert.That(Enumerable.Range(0, 100_000).Count(source => !budget.HasLeft((ulong)source, now: 1)), Is.InRange(500, 1024));
    }
}
