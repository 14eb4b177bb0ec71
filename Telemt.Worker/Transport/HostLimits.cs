namespace Telemt.Worker.Transport;

/// <summary>What this host gives the process.</summary>
internal static unsafe class HostLimits
{
    private const long UnlimitedDescriptors = 1_000_000_000;

    /// <summary>RLIMIT_NOFILE; the runtime has raised the soft limit to the hard one.</summary>
    public static long Descriptors()
    {
        Libc.ResourceLimit limit;
        return Libc.GetLimit(Libc.RlimitNoFile, &limit) == 0 ? (long)Math.Min(limit.Soft, UnlimitedDescriptors) : 1024;
    }

    /// <summary>Bytes; a container's limit counts.</summary>
    public static long Memory() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
}
