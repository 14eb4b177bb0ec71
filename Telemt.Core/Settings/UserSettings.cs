using Telemt.Core.Wire;

namespace Telemt.Core.Settings;

/// <summary>A user as telemt.toml names it. Identity: <see cref="Name"/> and <see cref="Secret"/>.</summary>
internal sealed record UserSettings
{
    public required string Name { get; init; }

    public required Secret Secret { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>16 bytes, or null.</summary>
    public string? AdTag { get; init; }

    public int? MaxConnections { get; init; }
    public int? MaxIps { get; init; }
    public TimeSpan? IpWindow { get; init; }

    /// <summary>Bytes in both directions per <see cref="QuotaPeriod"/>.</summary>
    public long? Quota { get; init; }

    public QuotaPeriod QuotaPeriod { get; init; }

    /// <summary>Bytes per second in each direction.</summary>
    public long? Rate { get; init; }

    public DateTimeOffset? Expires { get; init; }

    /// <summary>Group of upstreams.</summary>
    public string? Upstreams { get; init; }
}
