using System.Net;
using Telemt.Core.Policy;

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

    /// <summary>Every connection begins with a PROXY header, and only <see cref="Trusted"/> may send one.</summary>
    public bool ProxyProtocol { get; init; }

    public NetworkSet Trusted { get; init; } = NetworkSet.None;

    /// <summary>Whether a peer's PROXY header is believed: who may use a unix socket, the socket's own permissions say.</summary>
    public bool Trusts(ClientAddress peer) => UnixPath is not null || Trusted.Contains(peer);

    /// <summary>True for the listeners that stand in when the file names none: a missing IPv6 then only warns.</summary>
    public bool IsDefault { get; init; }

    public ListenerIdentity Identity => new(Address, UnixPath is null ? Port : 0, UnixPath, Interface);
}
