namespace Telemt.Core.Relay;

/// <summary>
/// One direction of a session: what happens to its bytes between receive and send. Belongs to the session's loop: not for two
/// threads. Allocates nothing per chunk.
/// </summary>
internal abstract class RelayLeg
{
    /// <summary>The result of <see cref="Transform"/> when the stream has ended within its own protocol.</summary>
    public const int Ended = -1;

    /// <summary>
    /// True when the receiver speaks records: the transport sends the result as TLS application data, cut by a RecordSizer.
    /// </summary>
    public virtual bool WrapsRecords => false;

    /// <summary>
    /// True when bytes leave as they came, so that the transport may move them without looking. A stream that ends by itself cannot.
    /// </summary>
    public virtual bool PassesUnchanged => false;

    /// <summary>Turns what was received into what is to be sent, in place.</summary>
    /// <param name="chunk">The next bytes of the stream, cut anywhere.</param>
    /// <returns>
    /// Length of the result, which stands at the front of <paramref name="chunk"/>; 0 when there is nothing to send yet. Or
    /// <see cref="Ended"/>: treat it as the end of the stream. What came before the end in the same chunk is returned first, and
    /// then <see cref="HasEnded"/> is true; further calls return <see cref="Ended"/>.
    /// </returns>
    public abstract int Transform(Span<byte> chunk);

    /// <summary>True once the stream has ended within its own protocol; nothing more will come of it.</summary>
    public virtual bool HasEnded => false;
}
