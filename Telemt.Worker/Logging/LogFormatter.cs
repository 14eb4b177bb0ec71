using Microsoft.Extensions.Logging.Console;
using Telemt.Core.Settings;

namespace Telemt.Worker.Logging;

/// <summary>How a line of the log looks: the formatter that [logging] format stands for.</summary>
internal static class LogFormatter
{
    /// <param name="journal">Whether the log goes to the journal, which reads the level from a prefix such as &lt;6&gt;.</param>
    public static string Name(LogFormat format, bool journal) => format switch
    {
        LogFormat.Systemd => JournalFormatter.FormatterName,
        LogFormat.Plain => PlainFormatter.FormatterName,
        LogFormat.Json => ConsoleFormatterNames.Json,
        _ => journal ? JournalFormatter.FormatterName : PlainFormatter.FormatterName,
    };

    /// <summary>
    /// True when standard error is the journal's own socket. JOURNAL_STREAM ("device:inode") alone is no proof: a shell started from a
    /// service inherits the variable, but writes to a terminal.
    /// </summary>
    /// <param name="journalStream">Value of JOURNAL_STREAM.</param>
    /// <param name="standardError">What /proc/self/fd/2 points to, such as "socket:[4711]".</param>
    public static bool IsJournal(string? journalStream, string? standardError) =>
        journalStream?.Split(':') is [_, { Length: > 0 } inode] && standardError == $"socket:[{inode}]";

    public static bool IsJournal() =>
        IsJournal(Environment.GetEnvironmentVariable("JOURNAL_STREAM"), new FileInfo("/proc/self/fd/2").LinkTarget);
}
