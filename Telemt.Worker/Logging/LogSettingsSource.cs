using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Telemt.Core.Settings;

namespace Telemt.Worker.Logging;

/// <summary>
/// Holds the settings in force and feeds the platform's logging from it: filters and formatter follow each change at once. RUST_LOG
/// replaces level and levels for the life of the process.
/// </summary>
internal sealed class LogSettingsSource(LoggingSettings initial, string? rustLog, bool journal)
    : IConfigureOptions<LoggerFilterOptions>,
        IConfigureOptions<ConsoleLoggerOptions>,
        IOptionsChangeTokenSource<LoggerFilterOptions>,
        IOptionsChangeTokenSource<ConsoleLoggerOptions>
{
    /// <summary>Lines that may wait for a slow terminal; beyond that they are dropped: a log never holds up an event loop.</summary>
    private const int MaxQueue = 4096;

    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    private LoggingSettings _settings = initial;
    private ConfigurationReloadToken _change = new();

    string IOptionsChangeTokenSource<LoggerFilterOptions>.Name => Options.DefaultName;

    string IOptionsChangeTokenSource<ConsoleLoggerOptions>.Name => Options.DefaultName;

    /// <summary>Puts other settings in force. Any thread may call.</summary>
    public void Apply(LoggingSettings settings)
    {
        if (Interlocked.Exchange(ref _settings, settings) != settings)
        {
            Interlocked.Exchange(ref _change, new ConfigurationReloadToken()).OnReload();
        }
    }

    public IChangeToken GetChangeToken() => Volatile.Read(ref _change);

    public void Configure(LoggerFilterOptions options)
    {
        foreach (var (category, level) in Rules(Volatile.Read(ref _settings), rustLog))
        {
            options.Rules.Add(new LoggerFilterRule(null, category, level, null));
        }
    }

    public void Configure(ConsoleLoggerOptions options)
    {
        options.FormatterName = LogFormatter.Name(Volatile.Read(ref _settings).Format, journal);
        options.LogToStandardErrorThreshold = LogLevel.Trace;
        options.MaxQueueLength = MaxQueue;
        options.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
    }

    /// <summary>Later rules win over earlier ones of the same category, longer categories over shorter ones.</summary>
    internal static IEnumerable<LogRule> Rules(LoggingSettings settings, string? rustLog)
    {
        var wanted = RustLog.Parse(rustLog);
        if (wanted.IsEmpty)
        {
            wanted =
            [
                new LogRule(null, (LogLevel)settings.Level),
                .. settings.Levels.Select(entry => new LogRule(LogCategory.Resolve(entry.Key), (LogLevel)entry.Value)),
            ];
        }

        var general = wanted.LastOrDefault(rule => rule.Category is null, new LogRule(null, LogLevel.Information)).Level;

        // What the platform says of itself at "info" helps nobody who runs a proxy; who wants it asks for it by name.
        var platform = general > LogLevel.Warning ? general : LogLevel.Warning;

        // A failed start is told once, by the command line with its cure, not by the host with a stack trace.
        return [new(null, general), new("Microsoft", platform), new(HostCategory, LogLevel.Critical), .. wanted];
    }
}
