using System.Globalization;
using Telemt.Worker.Control.Api;

namespace Telemt.Worker.Cli;

/// <summary>The overview for a terminal: what an operator wants to know first stands first.</summary>
internal static class StatusText
{
    /// <summary>The API's word for a proxy without trouble.</summary>
    public const string Well = "good";

    private const double Kilo = 1000;
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB"];

    public static void Write(TextWriter output, StatusDocument status)
    {
        Line("telemt", $"{status.Version}, up {Time(status.At - status.StartedAt)}, settings {status.Revision} of {status.File}");
        Line("health", $"{status.Health}");
        foreach (var reason in status.Reasons)
        {
            Line("", $"{reason.Severity}: {reason.Text}{(reason.Cure is null ? "" : $" ({reason.Cure})")}");
        }

        Line("sessions", $"{status.Sessions} now, {status.Handshakes} in handshakes, {status.Masked} at the site; {status.Totals.Admitted} since the start");
        Line("users", $"{status.Users.Enabled} of {status.Users.Total} enabled");
        Line("traffic", $"{Size(status.Rates.BytesUp)}/s up, {Size(status.Rates.BytesDown)}/s down; {Size(status.Totals.BytesUp)} and {Size(status.Totals.BytesDown)} since the start");
        Line("refused", $"{Counts(status.Refusals)}");
        Line("ended", $"{Counts(status.Ends)}");
        var process = status.Process;
        Line("process", $"{Size(process.MemoryBytes)} of memory, {process.OpenFiles} of {process.FileLimit} files, {process.Loops} loops, lag {process.LoopLag:F1} ms");

        void Line(string name, FormattableString text) => output.WriteLine($"{name,-10}{text.ToString(CultureInfo.InvariantCulture)}".TrimEnd());
    }

    private static string Counts(Dictionary<string, long> counts)
    {
        var some = counts.Where(count => count.Value > 0).OrderByDescending(count => count.Value).Select(count => $"{count.Key} {count.Value}").ToArray();
        return some.Length == 0 ? "none" : string.Join(", ", some);
    }

    private static string Size(double bytes)
    {
        var unit = 0;
        for (; bytes >= Kilo && unit < Units.Length - 1; unit++)
        {
            bytes /= Kilo;
        }

        return bytes.ToString(unit == 0 ? "F0" : "F1", CultureInfo.InvariantCulture) + " " + Units[unit];
    }

    private static string Time(TimeSpan time) => time.TotalDays >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays} d {time.Hours} h")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min");
}
