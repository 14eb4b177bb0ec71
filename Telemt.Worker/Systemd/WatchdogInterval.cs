using System.Globalization;

namespace Telemt.Worker.Systemd;

/// <summary>How often the service manager wants a sign of life (WatchdogSec of the unit).</summary>
internal static class WatchdogInterval
{
    /// <summary>Half of WATCHDOG_USEC, or null when the manager waits for none or waits for another process's.</summary>
    public static TimeSpan? Read(Func<string, string?> environment, int processId)
    {
        var owner = environment("WATCHDOG_PID");
        if (!string.IsNullOrEmpty(owner) && owner != processId.ToString(CultureInfo.InvariantCulture))
        {
            return null;
        }

        return long.TryParse(environment("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            && microseconds > 0
            ? TimeSpan.FromMicroseconds(microseconds / 2)
            : null;
    }
}
