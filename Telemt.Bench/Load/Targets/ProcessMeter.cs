using System.Globalization;
using Telemt.Bench.Load.Net;

namespace Telemt.Bench.Load.Targets;

/// <summary>What a process and its descendants use, seen from outside.</summary>
internal sealed class ProcessMeter(int root)
{
    private const double NanosecondsPerSecond = 1e9;

    /// <summary>Seconds of CPU of all threads, user and system, of ended threads too.</summary>
    public double CpuSeconds => Tree().Sum(CpuOf);

    /// <summary>Resident bytes: Rss of smaps_rollup. Socket buffers belong to the kernel and are not in it.</summary>
    public long ResidentBytes => Tree().Sum(RssOf);

    public int Descriptors => Tree().Sum(pid => Count($"/proc/{pid}/fd"));

    /// <summary>The process's CPU clock, whose number is made of its id; in nanoseconds, where /proc/PID/stat counts in hundredths.</summary>
    private static double CpuOf(int pid)
    {
        var nanoseconds = Syscalls.Nanoseconds((~pid << 3) | 2);
        return nanoseconds < 0 ? 0 : nanoseconds / NanosecondsPerSecond;
    }

    private static long RssOf(int pid)
    {
        try
        {
            foreach (var line in File.ReadLines($"/proc/{pid}/smaps_rollup"))
            {
                if (ProcText.TryKilobytes(line, "Rss:", out var kilobytes))
                {
                    return kilobytes * 1024;
                }
            }
        }
        catch (IOException)
        {
            // It has just ended: nothing is resident.
        }

        return 0;
    }

    private static int Count(string folder)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(folder).Count();
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private List<int> Tree()
    {
        var all = new List<int> { root };
        for (var i = 0; i < all.Count; i++)
        {
            all.AddRange(Children(all[i]));
        }

        return all;
    }

    private static IEnumerable<int> Children(int pid)
    {
        try
        {
            return [.. Directory.EnumerateDirectories($"/proc/{pid}/task")
                .SelectMany(task => File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return [];
        }
    }
}
