using System.Collections.Immutable;
using System.Net;

namespace Telemt.Core.Settings;

/// <summary>A socket that we listen on; <see cref="Identity"/> says which.</summary>
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

    public ListenerIdentity Identity => new(Address, UnixPath is null ? Port : 0, UnixPath, Interface);
}
