namespace Telemt.Worker.Sessions;

/// <summary>Why a session ended: its word in logs and counters.</summary>
internal enum SessionEnd : byte
{
    None = 0,
    ClientFinished,
    DcFinished,
    ClientReset,
    DcReset,
    Idle,
    HalfOpen,
    Total,
    Memory,
    Protocol,

    /// <summary>The user was removed, disabled, changed or has expired.</summary>
    UserGone,

    /// <summary>The user has moved all that his quota allows.</summary>
    Quota,

    /// <summary>We stop.</summary>
    Shutdown,

    /// <summary>Made room for others.</summary>
    Evicted,

    /// <summary>Refused at the gate, and ended without a relay.</summary>
    Refused,

    /// <summary>No DC knows the index that the client asked for, and default_dc is 0.</summary>
    UnknownDc,

    /// <summary>No address of the DC answered in time.</summary>
    DcUnreachable,

    /// <summary>The DC got what the client said, and never said a word.</summary>
    DcMute,

    /// <summary>No middle proxy answered in time, and fallback_direct is off.</summary>
    MiddleUnreachable,

    /// <summary>The connection to a middle proxy that it shared with others was lost.</summary>
    MiddleLost,

    /// <summary>It did not read, and client_queue was full: others share the connection that feeds it.</summary>
    ClientQueue,

    /// <summary>A bug of ours, logged as such.</summary>
    Fault,
}
