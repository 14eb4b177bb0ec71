namespace Telemt.Core.Fronting;

/// <summary>What a web server answered to a ClientHello.</summary>
internal enum HostFlightKind
{
    /// <summary>Too little so far to tell.</summary>
    Incomplete,

    /// <summary>A ServerHello of TLS 1.3: the rest of the flight follows, encrypted.</summary>
    Tls13,

    /// <summary>A HelloRetryRequest: the server wants a key of another group first.</summary>
    Retry,

    /// <summary>A ServerHello of an older version.</summary>
    OlderTls,

    /// <summary>An alert: the server refuses this offer.</summary>
    Alert,

    /// <summary>Nothing of TLS.</summary>
    NotTls,
}
