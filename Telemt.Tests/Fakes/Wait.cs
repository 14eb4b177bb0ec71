using System.Diagnostics;

namespace Telemt.Tests.Fakes;

/// <summary>For what other threads or the file system do in their own time: a condition with a bound instead of a sleep.</summary>
internal static class Wait
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    public static void Until(Func<bool> condition, TimeSpan bound, string failure)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > bound)
            {
                Assert.Fail(failure);
            }

            Thread.Sleep(5);
        }
    }

    /// <param name="what">Is waited for; only a failure reaches the bound.</param>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.That(watch.Elapsed, Is.LessThan(Bound), $"waited in vain for {what}");
            await Task.Delay(1);
        }
    }
}
