namespace Telemt.Core.Settings;

/// <summary>A way towards Telegram.</summary>
internal sealed record UpstreamSettings
{
    /// <summary>Of upstreams that name no group, and of users and policies that choose none.</summary>
    public const string DefaultGroup = "default";

    public required string Name { get; init; }
    public required UpstreamKind Kind { get; init; }

    /// <summary>host:port of a SOCKS server; null when direct.</summary>
    public string? Address { get; init; }

    /// <summary>Local address or device that a direct upstream is bound to.</summary>
    public string? Interface { get; init; }

    public string? Username { get; init; }
    public string? Password { get; init; }
    public string? UserId { get; init; }
    public int Weight { get; init; } = 1;
    public bool Enabled { get; init; } = true;
    public string Group { get; init; } = DefaultGroup;
    public bool? Ipv6 { get; init; }
}
