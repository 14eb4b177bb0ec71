using System.Collections.Immutable;
using System.Net;

namespace Telemt.Core.Settings;

/// <summary>The operator's page and its API.</summary>
internal sealed record ControlSettings
{
    /// <summary>No page.</summary>
    public static ControlSettings Off { get; } = new()
    {
        Enabled = false,
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        Token = null,
        Allow = [],
        ReadOnly = true,
        Certificate = null,
    };

    public required bool Enabled { get; init; }

    public required IPEndPoint Listen { get; init; }

    /// <summary>What callers must show; null lets everybody in who may connect, which only loopback allows.</summary>
    public required string? Token { get; init; }

    /// <summary>Where callers may come from.</summary>
    public required ImmutableArray<IPNetwork> Allow { get; init; }

    /// <summary>Nothing can be edited.</summary>
    public required bool ReadOnly { get; init; }

    /// <summary>PEM with certificate and key; null serves without TLS.</summary>
    public required string? Certificate { get; init; }
}
