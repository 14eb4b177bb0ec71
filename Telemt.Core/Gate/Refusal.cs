namespace Telemt.Core.Gate;

/// <summary>Why a connection is not served. Each has its own counter and its own word in the logs.</summary>
internal enum Refusal : byte
{
    None = 0,

    /// <summary>Nothing came within first_byte.</summary>
    Silent,

    /// <summary>Something came, then nothing for a second, or the handshake's time ran out.</summary>
    Stalled,

    /// <summary>The client ended before its hello was complete.</summary>
    Ended,

    /// <summary>GET, POST, HEAD, OPTI: a web client (PROTOCOL C.3).</summary>
    Http,

    /// <summary>Not a ClientHello, and no mode is on that could start so.</summary>
    NotTls,

    /// <summary>A TLS record or hello whose lengths do not fit.</summary>
    MalformedHello,

    /// <summary>Bytes behind a complete hello (PROTOCOL D.2).</summary>
    SurplusBytes,

    /// <summary>No user's secret makes this digest or this header.</summary>
    WrongSecret,

    /// <summary>The right digest with a time outside the window.</summary>
    Stale,

    /// <summary>A hello or header seen before.</summary>
    Replay,

    /// <summary>The right digest for a name that we do not serve.</summary>
    UnknownSni,

    /// <summary>The right digest on a hello that offers nothing of TLS 1.3, so that we have no answer.</summary>
    NoTls13,

    /// <summary>The right digest on an offer that the mask host itself would not go on with: no key that it could answer, or an alert.</summary>
    SiteRefuses,

    /// <summary>The right key in a mode that is off, or a ClientHello while fake TLS is off.</summary>
    ModeOff,

    /// <summary>A known user who is switched off.</summary>
    UserDisabled,

    /// <summary>A known user whose time is over.</summary>
    UserExpired,

    /// <summary>A policy says so.</summary>
    Policy,

    /// <summary>A known user whose sessions are as many as they may be.</summary>
    UserConnections,

    /// <summary>A known user from one address too many.</summary>
    UserAddresses,

    /// <summary>A known user who has used up what he may move.</summary>
    UserQuota,

    /// <summary>A source with as many connections as it may have; or one of its strangers, who made room for another.</summary>
    SourceConnections,

    /// <summary>A stranger made room for another of the same source.</summary>
    SourceHandshakes,

    /// <summary>A source whose bogus hellos were too many lately, and no user that came from there before.</summary>
    SourceBackoff,

    /// <summary>All places are taken by clients: closed at the accept.</summary>
    ServerFull,

    /// <summary>After our ServerHello: not the records or the header that a client sends.</summary>
    BadInnerHeader,

    /// <summary>After our ServerHello: another user's header.</summary>
    UserMismatch,

    /// <summary>Made room for others.</summary>
    Evicted,

    /// <summary>On a listener with the PROXY protocol: not from a network that may send its header.</summary>
    Untrusted,

    /// <summary>From such a network, without a whole PROXY header in time.</summary>
    ProxyHeader,
}
