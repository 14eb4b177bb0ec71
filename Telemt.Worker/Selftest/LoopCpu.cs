using System.Globalization;

namespace Telemt.Worker.Selftest;

/// <summary>
/// CPU time of this process's event loops, user and system: what the proxy costs while client and Telegram run beside it. In steps
/// of the kernel's accounting, 10 ms.
/// </summary>
internal static class LoopCpu
{
    private const string ThreadNames = "loop ";
    private const int TicksPerSecond = 100;

    /// <summary>Fields behind the name in /proc/self/task/N/stat; the state is the first.</summary>
    private const int UserField = 11;

    private const int SystemField = 12;

    public static TimeSpan Tick { get; } = TimeSpan.FromSeconds(1.0 / TicksPerSecond);

    public static TimeSpan Read()
    {
        var ticks = 0L;
        foreach (var task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            try
            {
                var stat = File.ReadAllText(Path.Combine(task, "stat"));
                if (stat.Contains($"({ThreadNames}", StringComparison.Ordinal))
                {
                    var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                    ticks += Number(fields[UserField]) + Number(fields[SystemField]);
                }
            }
            catch (IOException)
            {
                // A thread that has ended meanwhile.
            }
        }

        return ticks * Tick;
    }

    private static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);
}
