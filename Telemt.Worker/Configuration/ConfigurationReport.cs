using System.Collections.Immutable;
using Telemt.Core.Settings;

namespace Telemt.Worker.Configuration;

/// <summary>What came of reading the configuration once: settings, or every reason why there are none. Holds no secret in its texts.</summary>
internal sealed record ConfigurationReport
{
    /// <summary>The file's path as the operator gave it.</summary>
    public required string Path { get; init; }

    /// <summary>In the order of their lines.</summary>
    public required ImmutableArray<ConfigurationProblem> Errors { get; init; }

    /// <summary>In the order of their lines.</summary>
    public required ImmutableArray<ConfigurationProblem> Warnings { get; init; }

    /// <summary>SHA-256 of the file; empty when it could not be read as TOML.</summary>
    public required ImmutableArray<byte> ContentHash { get; init; }

    /// <summary>Null exactly when there are errors.</summary>
    public required ProxySettings? Settings { get; init; }

    /// <summary>As the operator wrote it; null when it could not be read that far.</summary>
    public required TelemtOptions? Options { get; init; }

    public bool IsValid => Settings is not null;

    /// <summary>All there is to say, a line each, for a terminal.</summary>
    public IEnumerable<string> Lines()
        => Errors.Select(error => $"error: {error}")
            .Concat(Warnings.Select(warning => $"warning: {warning}"));

    public bool HasContentOf(ConfigurationReport other)
        => !ContentHash.IsEmpty && ContentHash.AsSpan().SequenceEqual(other.ContentHash.AsSpan());
}
