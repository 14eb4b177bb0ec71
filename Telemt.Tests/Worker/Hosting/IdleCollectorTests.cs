using Telemt.Worker.Hosting;
using Telemt.Worker.Systemd;

namespace Telemt.Tests.Worker.Hosting;

internal sealed class IdleCollectorTests
{
    private const long Mebibyte = 1024 * 1024;

    [Test]
    public void Look_QuietAfterMuch_CollectsOnce()
    {
        using var collector = Collector();
        var before = GC.CollectionCount(GC.MaxGeneration);
        Assert.That(collector.Look(10 * Mebibyte, 1), Is.False, "still allocating");
        Assert.That(collector.Look(10 * Mebibyte, 1), "quiet now");
        Assert.That(GC.CollectionCount(GC.MaxGeneration), Is.GreaterThan(before));
        Assert.That(collector.Look(10 * Mebibyte, 1), Is.False, "nothing new");
    }

    [Test]
    public void Look_NeverQuietOrNeverMuch_LeavesItToTheRuntime()
    {
        using var collector = Collector();
        for (var i = 1; i < 20; i++)
        {
            Assert.That(collector.Look(i * Mebibyte, 1), Is.False);
        }

        using var modest = Collector();
        Assert.That(modest.Look(2 * Mebibyte, 1), Is.False);
        Assert.That(modest.Look(2 * Mebibyte, 1), Is.False);
    }

    [Test]
    public void Look_ManyHaveGone_CollectsThoughLittleWasAllocated()
    {
        using var collector = Collector();
        Assert.That(collector.Look(1, 1000), Is.False);
        Assert.That(collector.Look(1, 900), Is.False, "few");
        Assert.That(collector.Look(1, 700), "many");
        Assert.That(collector.Look(1, 700), Is.False, "once");
    }

    private static IdleCollector Collector() => new(new Nobody(), TimeProvider.System);

    private sealed class Nobody : IProxyStatus
    {
        public ProxyCounts Counts => default;
    }
}
