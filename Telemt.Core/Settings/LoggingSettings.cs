using System.Collections.Immutable;

namespace Telemt.Core.Settings;

/// <summary>What is written to the log, and how. Environment variables of the host (RUST_LOG, Logging__) may say otherwise.</summary>
internal sealed record LoggingSettings
{
    public LogThreshold Level { get; init; } = LogThreshold.Information;

    /// <summary>Other levels by the beginning of a category's name, in the order of the file.</summary>
    public ImmutableArray<KeyValuePair<string, LogThreshold>> Levels { get; init; } = [];

    public LogFormat Format { get; init; }

    public ClientIps ClientIps { get; init; }
}
