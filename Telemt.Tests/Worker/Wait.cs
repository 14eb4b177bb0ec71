using System.Diagnostics;

namespace Telemt.Tests.Worker;

/// <summary>Waits for what another thread brings about: looks again until it holds, within a bound that only a failure reaches.</summary>
internal static class Wait
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.That(watch.Elapsed, Is.LessThan(Bound), $"waited in vain for {what}");
            await Task.Yield();
            Thread.Yield();
        }
    }
}
