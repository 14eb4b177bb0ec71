namespace Telemt.Core.Middle;

/// <summary>Why a connection to a middle proxy cannot go on, as far as its bytes say.</summary>
internal enum MiddleFault : byte
{
    None = 0,

    /// <summary>A frame of a length that no middle proxy sends: after a handshake frame of ours it means other keys.</summary>
    FrameLength,

    /// <summary>A frame out of order.</summary>
    Sequence,
    Checksum,

    /// <summary>The first frame is no nonce.</summary>
    NotANonce,

    /// <summary>It has another secret than we do.</summary>
    KeySelector,

    /// <summary>It wants no AES.</summary>
    CryptoSchema,

    /// <summary>Its clock and ours are more than 30 seconds apart.</summary>
    ClockSkew,

    /// <summary>The first encrypted frame is no handshake.</summary>
    NotAHandshake,

    /// <summary>It says that it does not take our handshake.</summary>
    HandshakeRefused,

    /// <summary>It answers somebody else's handshake.</summary>
    ProcessId,

    /// <summary>A message of a known type and of another shape.</summary>
    Message,
}
