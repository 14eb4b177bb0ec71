using Telemt.Bench.Kernels;

switch (args)
{
    case ["kernels", "--quick", .. var filter]:
        return QuickKernels.Run(filter.FirstOrDefault() ?? "");
    case ["kernels", .. var filter]:
        return KernelBenchmarks.Run(filter);
    default:
        Console.Error.WriteLine("""
            telemt-bench kernels [FILTER...]          Core's kernels by BenchmarkDotNet; FILTER as *AesCtr*
            telemt-bench kernels --quick [NAME]       the same in half a minute, AES beside openssl speed
            """);
        return 2;
}
