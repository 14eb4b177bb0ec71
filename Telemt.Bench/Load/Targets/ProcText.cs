using System.Globalization;

namespace Telemt.Bench.Load.Targets;

/// <summary>Lines of /proc.</summary>
internal static class ProcText
{
    private const int TicksPerSecond = 100;
    private const int IdleColumn = 4;
    private const int IoWaitColumn = 5;
    private const int GuestColumn = 9;
    private const string ListenState = "0A";

    /// <summary>`Rss:   1234 kB`.</summary>
    public static bool TryKilobytes(string line, string name, out long kilobytes)
    {
        kilobytes = 0;
        return line.StartsWith(name, StringComparison.Ordinal)
            && long.TryParse(
                line.AsSpan(name.Length).TrimEnd("kB").Trim(),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out kilobytes);
    }

    /// <summary>The first line of /proc/stat: seconds that all cores together were busy. Guest time is within user time.</summary>
    public static double BusySeconds(string line)
    {
        var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var busy = 0L;
        for (var i = 1; i < Math.Min(columns.Length, GuestColumn); i++)
        {
            busy += i is IdleColumn or IoWaitColumn ? 0 : long.Parse(columns[i], CultureInfo.InvariantCulture);
        }

        return (double)busy / TicksPerSecond;
    }

    /// <summary>A line of /proc/net/tcp: whether it is a listener on this port.</summary>
    public static bool IsListener(string line, int port)
    {
        var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return columns.Length > 3
            && columns[3] == ListenState
            && columns[1].EndsWith($":{port:X4}", StringComparison.Ordinal);
    }
}
