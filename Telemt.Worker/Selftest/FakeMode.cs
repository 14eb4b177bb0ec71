namespace Telemt.Worker.Selftest;

/// <summary>What the fake Telegram does on a connection.</summary>
internal enum FakeMode
{
    /// <summary>Frames of MTProto messages, answered as a DC would.</summary>
    Mtproto,

    /// <summary>Sends back every byte; a client's end ends it too.</summary>
    Echo,

    /// <summary>
    /// Reads to the client's end, then says what it got and ends: 8 bytes of count, 32 of SHA-256 over all of it. An argument other
    /// than 0 leaves the hash out (zeros), for load.
    /// </summary>
    Sink,

    /// <summary>Sends as many bytes of <see cref="BytePattern"/> as the argument says, then waits for the client's end.</summary>
    Source,

    /// <summary>As <see cref="Source"/>, and ends its side behind the last byte.</summary>
    SourceAndEnd,

    /// <summary>Reads and never says a word.</summary>
    Mute,

    /// <summary>Reads nothing any more, and keeps the connection.</summary>
    Stall,

    /// <summary>Ends the connection in order once it has read as many bytes as the argument says.</summary>
    Close,

    /// <summary>As <see cref="Close"/>, by a reset.</summary>
    Reset,
}
