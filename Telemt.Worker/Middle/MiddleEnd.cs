namespace Telemt.Worker.Middle;

/// <summary>Why a connection to a middle proxy ended or did not come about: its word in logs and in the status.</summary>
internal enum MiddleEnd : byte
{
    None = 0,

    /// <summary>It could not be reached.</summary>
    Unreachable,

    /// <summary>It ended the connection before it had answered anything.</summary>
    ClosedAtOnce,

    /// <summary>It ended the connection on seeing our encrypted handshake.</summary>
    ClosedInHandshake,

    /// <summary>It did not go on with the handshake in time.</summary>
    HandshakeTimeout,

    /// <summary>It answered the handshake with something that is wrong: the fault says what.</summary>
    HandshakeFault,

    /// <summary>It ended a running connection.</summary>
    Closed,
    Reset,

    /// <summary>It sent something that is wrong: the fault says what.</summary>
    Protocol,

    /// <summary>It did not answer a ping.</summary>
    NoPong,

    /// <summary>It did not read what we sent.</summary>
    NotReading,

    /// <summary>It is no longer on the list, or nobody uses it, and its last client has gone.</summary>
    Drained,

    /// <summary>We stop.</summary>
    Shutdown,

    /// <summary>A bug of ours.</summary>
    Fault,
}
