namespace Telemt.Worker.Transport;

/// <summary>What carries a session once its handshake is over. Loop thread only.</summary>
internal interface IRelay
{
    /// <summary>Payload bytes that the client sent.</summary>
    long BytesUp { get; }

    /// <summary>Payload bytes for the client.</summary>
    long BytesDown { get; }

    /// <summary>Loop time at which bytes moved last.</summary>
    long LastMove { get; }

    /// <param name="first">What the handshake read too much.</param>
    void Start(ReadOnlySpan<byte> first);

    void End(RelayEnd end);

    /// <summary>When the owner is told next that bytes have moved: as soon as they are so many.</summary>
    void TellAt(long bytes);

    /// <summary>Arms the timer by the owner's present limits.</summary>
    void ApplyLimits();
}
