using System.Runtime.InteropServices;

namespace Telemt.Bench.Load.Net;

/// <summary>What the load needs of libc beyond what the proxy's own transport uses. A call that fails returns -1.</summary>
internal static unsafe class Syscalls
{
    public const int MsgPeek = 0x2;

    /// <summary>recv of TCP with this flag drops the bytes in the kernel: nothing is copied.</summary>
    public const int MsgTruncate = 0x20;

    public const int SignalTerminate = 15;
    public const int SignalKill = 9;
    public const int NewNetwork = 0x4000_0000;
    public const int ThreadCpuClock = 3;

    [DllImport("libc", EntryPoint = "clock_gettime")]
    public static extern int ClockTime(int clock, TimeSpec* time);

    [DllImport("libc", EntryPoint = "unshare")]
    public static extern int Unshare(int flags);

    [DllImport("libc", EntryPoint = "ioctl")]
    public static extern int DeviceControl(int fd, nuint request, void* argument);

    [DllImport("libc", EntryPoint = "kill")]
    public static extern int Signal(int process, int signal);

    /// <summary>Nanoseconds of a clock, -1 when it does not exist (any more).</summary>
    public static long Nanoseconds(int clock)
    {
        TimeSpec time;
        return ClockTime(clock, &time) == 0 ? (time.Seconds * 1_000_000_000) + time.Nanoseconds : -1;
    }

    /// <summary>struct timespec of 64-bit Linux.</summary>
    public struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
