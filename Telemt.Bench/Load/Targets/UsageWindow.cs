using System.Diagnostics;
using Telemt.Bench.Load.Net;

namespace Telemt.Bench.Load.Targets;

/// <summary>CPU time spent between two moments, by the target, by this thread and by the rest of the machine.</summary>
internal sealed class UsageWindow
{
    private readonly ProcessMeter _target;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly double _targetCpu;
    private readonly double _ownCpu = OwnCpu();
    private readonly double _busy = Busy();

    public UsageWindow(ProcessMeter target)
    {
        _target = target;
        _targetCpu = target.CpuSeconds;
    }

    /// <summary>What was used since this was made.</summary>
    public Usage End()
    {
        var seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        var target = _target.CpuSeconds - _targetCpu;
        var own = OwnCpu() - _ownCpu;
        return new Usage(seconds, target, own, Math.Max(0, Busy() - _busy - target - own));
    }

    private static double OwnCpu() => Syscalls.Nanoseconds(Syscalls.ThreadCpuClock) / 1e9;

    private static double Busy() => ProcText.BusySeconds(File.ReadLines("/proc/stat").First());
}
