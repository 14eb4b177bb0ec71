namespace Telemt.Core.Routing;

/// <summary>Whom a failed attempt is charged to.</summary>
internal enum DialFault
{
    /// <summary>Us: no descriptor, or the client left. Nobody's health suffers.</summary>
    Own,

    /// <summary>The target, or what lies between it and the upstream.</summary>
    Target,

    /// <summary>The upstream: its SOCKS server, or the local address or device that it is bound to.</summary>
    Upstream,
}
