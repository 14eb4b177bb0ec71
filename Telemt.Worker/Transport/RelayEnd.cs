namespace Telemt.Worker.Transport;

/// <summary>Why a relay ended. near is who came to us (client), far is whom we dialled (DC or mask host).</summary>
internal enum RelayEnd : byte
{
    None = 0,

    /// <summary>Both sides ended in order; the near one first.</summary>
    NearFinished,

    /// <summary>Both sides ended in order; the far one first.</summary>
    FarFinished,
    NearReset,
    FarReset,

    /// <summary>No byte in either direction for the idle limit.</summary>
    Idle,

    /// <summary>No byte for the half-open limit after one side had ended.</summary>
    HalfOpen,

    /// <summary>The limit on the whole time.</summary>
    Total,

    /// <summary>The far side got all that the near one said, and said nothing.</summary>
    NoAnswer,

    /// <summary>Held the bytes of a full sink longest when the buffer budget was spent.</summary>
    Memory,

    /// <summary>The near side sent what is none of its protocol.</summary>
    Protocol,

    /// <summary>A client of a shared connection did not read, and more than client_queue waited for it.</summary>
    ClientQueue,

    /// <summary>The shared connection to a middle proxy was lost.</summary>
    MiddleLost,

    /// <summary>Ended by us: a removed user, a shutdown.</summary>
    Cut,

    /// <summary>A bug of ours; logged where it was caught.</summary>
    Fault,
}
