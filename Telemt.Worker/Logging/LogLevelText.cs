using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Telemt.Worker.Logging;

/// <summary>Names of levels: those of RUST_LOG and of [logging], and the platform's own.</summary>
internal static class LogLevelText
{
    /// <summary>For a message about a name that is none of them.</summary>
    public const string Known = "off, error, warn, info, debug, trace";

    public static bool TryParse([NotNullWhen(true)] string? text, out LogLevel level)
    {
        LogLevel? found = text?.Trim().ToLowerInvariant() switch
        {
            "off" or "none" => LogLevel.None,
            "critical" => LogLevel.Critical,
            "error" => LogLevel.Error,
            "warn" or "warning" => LogLevel.Warning,
            "info" or "information" => LogLevel.Information,
            "debug" => LogLevel.Debug,
            "trace" => LogLevel.Trace,
            _ => null,
        };
        level = found ?? LogLevel.Information;
        return found is not null;
    }
}
