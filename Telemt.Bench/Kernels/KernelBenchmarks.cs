using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Telemt.Bench.Kernels;

/// <summary>Runs the BenchmarkDotNet classes of this folder; without a filter, all of them.</summary>
internal static class KernelBenchmarks
{
    public static int Run(string[] filter)
    {
        // In this process: making, restoring and building a project for each case takes longer than measuring it.
        var config = new ManualConfig()
            .AddJob(Job.ShortRun.WithLaunchCount(1).WithToolchain(InProcessEmitToolchain.Instance))
            .AddLogger(ConsoleLogger.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddExporter(MarkdownExporter.Console)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "telemt-bench"))
            .WithOptions(ConfigOptions.JoinSummary);
        var patterns = filter.Length == 0 ? ["*"] : filter;
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(KernelBenchmarks).Assembly).Run(["--filter", .. patterns], config);
        return summaries.Any() && summaries.All(summary => !summary.HasCriticalValidationErrors) ? 0 : 1;
    }
}
