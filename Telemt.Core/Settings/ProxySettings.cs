using System.Collections.Immutable;
using System.Net;
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

    public required bool PreferIpv6 { get; init; }

    public required bool FastMode { get; init; }

    /// <summary>SO_KEEPALIVE idle time and interval of client sockets; zero turns it off.</summary>
    public required TimeSpan ClientKeepalive { get; init; }

    /// <summary>TCP_USER_TIMEOUT of client sockets; zero leaves the system's.</summary>
    public required TimeSpan ClientAckTimeout { get; init; }

    public required DcTable Dcs { get; init; }

    public required TimeoutSettings Timeouts { get; init; }

    public required LimitSettings Limits { get; init; }

    public required ReplaySettings Replay { get; init; }

    public required FrontingSettings Fronting { get; init; }

    public required LoggingSettings Logging { get; init; }

    /// <summary>Folder for what outlives the process; null keeps nothing.</summary>
    public required string? State { get; init; }
}

/// <summary>Which client handshakes are served (PROTOCOL C.1).</summary>
internal sealed record ModeSettings(bool Classic, bool Secure, bool Tls);

/// <summary>How the address in links is found: given, or looked up.</summary>
/// <param name="Address">The address itself, when the operator gave one.</param>
/// <param name="LookupUrl">A URL that answers with our address; null with "auto" means the built-in ones.</param>
internal sealed record PublicAddressSettings(IPAddress? Address, Uri? LookupUrl);

/// <summary>Where everything unauthenticated goes.</summary>
/// <param name="Host">Host name, address, or path of a unix socket (starts with '/'); null stands for the SNI's own domain.</param>
internal sealed record MaskSettings(bool Enabled, string? Host, int Port);

/// <summary>A socket that we listen on. Identity: <see cref="Address"/>, <see cref="Port"/>, <see cref="Interface"/>.</summary>
internal sealed record ListenerSettings
{
    /// <summary>Address to bind; null when <see cref="UnixPath"/> is set. :: is bound for IPv6 only.</summary>
    public required IPAddress? Address { get; init; }

    public required int Port { get; init; }

    public string? UnixPath { get; init; }

    /// <summary>Device to bind to (SO_BINDTODEVICE).</summary>
    public string? Interface { get; init; }

    /// <summary>Address that links name instead of the public one.</summary>
    public IPAddress? AnnounceIp { get; init; }

    /// <summary>Host name that links name; wins over <see cref="AnnounceIp"/>.</summary>
    public string? Announce { get; init; }

    public bool ProxyProtocol { get; init; }

    public ImmutableArray<IPNetwork> Trusted { get; init; } = [];

    /// <summary>True for the listeners that stand in when the file names none: a missing IPv6 then only warns.</summary>
    public bool IsDefault { get; init; }
}

internal enum UpstreamKind
{
    Direct,
    Socks4,
    Socks5,
}

/// <summary>A way towards Telegram.</summary>
internal sealed record UpstreamSettings
{
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
    public string Group { get; init; } = "default";
    public bool? Ipv6 { get; init; }
}

/// <summary>The limits of each phase of a session.</summary>
internal sealed record TimeoutSettings
{
    /// <summary>From accept to the first byte: Apple clients open sockets long before they speak.</summary>
    public TimeSpan FirstByte { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>From the first byte to a complete handshake.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>All attempts to reach the DC together.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan ConnectStagger { get; init; } = TimeSpan.FromSeconds(1);
    public TimeSpan FirstAnswer { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Without a byte in either direction.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(1800);

    /// <summary>Without a byte after one side has ended.</summary>
    public TimeSpan HalfOpen { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan MaskConnect { get; init; } = TimeSpan.FromSeconds(5);
    public TimeSpan MaskIdle { get; init; } = TimeSpan.FromSeconds(300);
    public TimeSpan MaskTotal { get; init; } = TimeSpan.FromSeconds(3600);

    /// <summary>Bounds a shutdown.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>Bounds of the whole process; 0 or null means what the host allows.</summary>
internal sealed record LimitSettings
{
    public int MaxConnections { get; init; }

    /// <summary>Connections without a complete handshake; 0 is 30 % of the connections.</summary>
    public int MaxHandshakes { get; init; }

    public int MaxPerIp { get; init; }
    public int MaxHandshakesPerIp { get; init; } = 64;
    public int MaxMask { get; init; } = 1024;

    /// <summary>Bytes per second in each direction; null is unlimited.</summary>
    public long? Rate { get; init; }

    /// <summary>Bytes of relay buffers for the whole process; null is chosen from the host's memory.</summary>
    public long? Memory { get; init; }
}

/// <summary>The replay table and the clock rules of fake TLS (PROTOCOL D.3, D.4).</summary>
internal sealed record ReplaySettings
{
    public int Capacity { get; init; } = 1_048_576;
    public TimeSpan TimeSkew { get; init; } = TimeSpan.FromSeconds(600);
    public bool IgnoreTimeSkew { get; init; }
}

internal enum UnknownSni
{
    Mask,
    Accept,
    Drop,
}

/// <summary>How close the server's first flight is to the mask host's.</summary>
internal sealed record FrontingSettings
{
    public UnknownSni UnknownSni { get; init; } = UnknownSni.Mask;
}

/// <summary>What of a client's address may stand in a log.</summary>
internal enum ClientIps
{
    Full,
    Prefix,
    None,
}

internal sealed record LoggingSettings
{
    public ClientIps ClientIps { get; init; }
}
