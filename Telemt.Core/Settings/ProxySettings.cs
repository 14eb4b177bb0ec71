using System.Collections.Immutable;
using Telemt.Core.Policy;
using Telemt.Core.Routing;
using Telemt.Core.Users;

namespace Telemt.Core.Settings;

/// <summary>
/// Everything that telemt.toml says, validated and immutable. A session captures the current one when it is accepted and keeps it
/// for life; an edit makes a new instance with the next <see cref="Revision"/>.
/// </summary>
internal sealed record ProxySettings
{
    /// <summary>1 for the settings of the start, one more for each edit that came into force.</summary>
    public required long Revision { get; init; }

    public required int Port { get; init; }

    public required PublicAddressSettings PublicAddress { get; init; }

    /// <summary>Names of the users whose links are printed; "*" stands for all of them.</summary>
    public required ImmutableArray<string> ShowLinks { get; init; }

    /// <summary>SNI names of the ee links in lower case, <c>tls_domain</c> first; empty only when fake TLS is off.</summary>
    public required ImmutableArray<string> TlsDomains { get; init; }

    public required ModeSettings Modes { get; init; }

    public required UserDirectory Users { get; init; }

    public required ImmutableArray<ListenerSettings> Listeners { get; init; }

    public required ImmutableArray<UpstreamSettings> Upstreams { get; init; }

    public required MaskSettings Mask { get; init; }

    /// <summary>Who is served, by which way, and where the others go; the mask and the ad tag for everybody are in it.</summary>
    public required PolicyTable Policies { get; init; }

    public required bool PreferIpv6 { get; init; }

    public required bool FastMode { get; init; }

    /// <summary>SO_KEEPALIVE idle time and interval of client sockets; zero turns it off.</summary>
    public required TimeSpan ClientKeepalive { get; init; }

    /// <summary>TCP_USER_TIMEOUT of client sockets; zero leaves the system's.</summary>
    public required TimeSpan ClientAckTimeout { get; init; }

    public required DcTable Dcs { get; init; }

    public required TimeoutSettings Timeouts { get; init; }

    public HealthSettings Health { get; init; } = new();

    public required LimitSettings Limits { get; init; }

    public required ReplaySettings Replay { get; init; }

    public required MiddleProxySettings MiddleProxy { get; init; }

    public required FrontingSettings Fronting { get; init; }

    public ControlSettings Control { get; init; } = ControlSettings.Off;

    public TelemetrySettings Telemetry { get; init; } = new();

    public required LoggingSettings Logging { get; init; }

    /// <summary>Folder for what outlives the process; null keeps nothing.</summary>
    public required string? State { get; init; }
}
