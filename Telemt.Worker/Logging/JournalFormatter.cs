using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Telemt.Worker.Logging;

/// <summary>
/// A message for the journal, which knows the time itself and reads the level from a prefix: room and event, then the text. Each line
/// of a text gets the prefix, so that a list of problems stays a list; the platform's own form runs them together.
/// </summary>
internal sealed class JournalFormatter() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "journal";

    /// <summary>Syslog's number for errors, for what is written past the log.</summary>
    public const string ErrorPrefix = "<3>";

    private const string Indent = "    ";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var prefix = Prefix(logEntry.LogLevel);
        textWriter.Write(prefix);
        textWriter.Write(LogCategory.Room(logEntry.Category));
        textWriter.Write('[');
        textWriter.Write(logEntry.EventId.Id);
        textWriter.Write("]: ");
        WriteLines(textWriter, prefix, logEntry.Formatter(logEntry.State, logEntry.Exception));
        if (logEntry.Exception is { } exception)
        {
            textWriter.Write(prefix);
            textWriter.Write(Indent);
            WriteLines(textWriter, prefix, exception.ToString());
        }
    }

    private static void WriteLines(TextWriter textWriter, string prefix, string text)
    {
        var first = true;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            textWriter.Write(first ? "" : prefix);
            textWriter.Write(first ? "" : Indent);
            textWriter.WriteLine(line);
            first = false;
        }
    }

    private static string Prefix(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "<7>",
        LogLevel.Information => "<6>",
        LogLevel.Warning => "<4>",
        LogLevel.Error => ErrorPrefix,
        _ => "<2>",
    };
}
