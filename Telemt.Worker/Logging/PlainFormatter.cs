using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Telemt.Worker.Logging;

/// <summary>
/// A message for a person at a terminal: time, level, room and event, then the text. What has several lines, such as the list of
/// problems of a file or a fault's stack, keeps them; the platform's own single-line form runs them together.
/// </summary>
internal sealed class PlainFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "plain";

    private const string Indent = "    ";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write(clock.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss ", CultureInfo.InvariantCulture));
        textWriter.Write(LevelName(logEntry.LogLevel));
        textWriter.Write(LogCategory.Room(logEntry.Category));
        textWriter.Write('[');
        textWriter.Write(logEntry.EventId.Id);
        textWriter.Write("]: ");
        WriteLines(textWriter, logEntry.Formatter(logEntry.State, logEntry.Exception));
        if (logEntry.Exception is { } exception)
        {
            textWriter.Write(Indent);
            WriteLines(textWriter, exception.ToString());
        }
    }

    private static void WriteLines(TextWriter textWriter, string text)
    {
        var first = true;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            textWriter.Write(first ? "" : Indent);
            textWriter.WriteLine(line);
            first = false;
        }
    }

    private static string LevelName(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace ",
        LogLevel.Debug => "debug ",
        LogLevel.Information => "info  ",
        LogLevel.Warning => "warn  ",
        LogLevel.Error => "error ",
        _ => "fatal ",
    };
}
