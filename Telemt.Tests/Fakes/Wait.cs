using System.Diagnostics;

namespace Telemt.Tests.Fakes;

/// <summary>For what other threads or the file system do in their own time: a condition with a bound instead of a sleep.</summary>
internal static class Wait
{
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
}
