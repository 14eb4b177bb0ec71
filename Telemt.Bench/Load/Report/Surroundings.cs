using System.Globalization;
using System.Runtime.InteropServices;

namespace Telemt.Bench.Load.Report;

/// <summary>What a reader has to know of the machine.</summary>
/// <param name="Network">As NetworkNamespace says.</param>
internal sealed record Surroundings(string Cpu, int Cores, string Kernel, string Runtime, string Network, string Build)
{
    public static Surroundings Here(string network) => new(
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
            ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        RuntimeInformation.FrameworkDescription,
        network,
        IsDebugBuild ? "DEBUG BUILD: figures mean nothing" : "release build");

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Cpu}, {Cores} cores, Linux {Kernel}, {Runtime}, {Build}; {Network}");

#if DEBUG
    private const bool IsDebugBuild = true;
#else
    private const bool IsDebugBuild = false;
#endif
}
