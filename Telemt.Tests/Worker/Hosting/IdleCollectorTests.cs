using Telemt.Worker.Hosting;

namespace Telemt.Tests.Worker.Hosting;

internal sealed class IdleCollectorTests
{
    private const long Mebibyte = 1024 * 1024;

    [Test]
    public void Look_QuietAfterMuch_CollectsOnce()
    {
        using var collector = new IdleCollector(TimeProvider.System);
        var before = GC.CollectionCount(GC.MaxGeneration);
        Assert.That(collector.Look(10 * Mebibyte), Is.False, "still allocating");
        Assert.That(collector.Look(10 * Mebibyte), "quiet now");
        Assert.That(GC.CollectionCount(GC.MaxGeneration), Is.GreaterThan(before));
        Assert.That(collector.Look(10 * Mebibyte), Is.False, "nothing new");
    }

    [Test]
    public void Look_NeverQuietOrNeverMuch_LeavesItToTheRuntime()
    {
        using var collector = new IdleCollector(TimeProvider.System);
        for (var i = 1; i < 20; i++)
        {
            Assert.That(collector.Look(i * Mebibyte), Is.False);
        }

        using var modest = new IdleCollector(TimeProvider.System);
        Assert.That(modest.Look(2 * Mebibyte), Is.False);
        Assert.That(modest.Look(2 * Mebibyte), Is.False);
    }
}
