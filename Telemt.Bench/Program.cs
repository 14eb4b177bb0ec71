using Telemt.Bench.Kernels;
using Telemt.Bench.Link;
using Telemt.Bench.Load;
using Telemt.Bench.Middle;

switch (args)
{
    case ["kernels", "--quick", .. var filter]:
        return QuickKernels.Run(filter.FirstOrDefault() ?? "");
    case ["kernels", .. var filter]:
        return KernelBenchmarks.Run(filter);
    case ["middle", ..]:
        return MiddleCommand.Run(args);
    case ["link-clients"]:
        return await LinkClients.RunAsync();
    case ["link", ..]:
        return LinkCommand.Run(args);
    case ["load" or "table" or "relay", ..]:
        return LoadCommands.Run(args);
    default:
        Console.Error.WriteLine("""
            telemt-bench kernels [FILTER...]          Core's kernels by BenchmarkDotNet; FILTER as *AesCtr*
            telemt-bench kernels --quick [NAME]       the same in half a minute, AES beside openssl speed
            telemt-bench load SCENARIO [--help]       a running telemt, HAProxy, plain relays or others under load
            telemt-bench middle [--help]              the route of ad tags, beside the direct one
            telemt-bench link [--help]                what users get of a link that is too small for them; as root
            telemt-bench table [--help]               the README's table of results
            """);
        return 2;
}
