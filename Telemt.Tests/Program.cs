using Telemt.Tests.Worker.State;

namespace Telemt.Tests;

/// <summary>What a test starts as a process of its own, in order to kill it. The test runner does not come by here.</summary>
internal static class Program
{
    public static int Main(string[] args) => args switch
    {
        [TrafficWriter.Verb, var path] => TrafficWriter.Run(path),
        _ => 2,
    };
}
