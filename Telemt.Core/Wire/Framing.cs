using System.Buffers;

namespace Telemt.Core.Wire;

/// <summary>
/// How MTProto messages are told apart inside the decrypted obfuscated stream (PROTOCOL B). Stateless: one instance of each serves
/// everybody. Whoever reads a stream piece by piece uses <see cref="FrameReader"/>.
/// </summary>
internal abstract class Framing
{
    /// <summary>Most bytes that any framing puts before a payload.</summary>
    public const int MaxHeader = 4;

    /// <summary>Most bytes that <see cref="Write"/> adds to a payload: the header, and padding.</summary>
    public const int MaxOverhead = MaxHeader + PaddedIntermediate.MaxPadding;

    public abstract ProtocolTag Tag { get; }

    public static Framing For(ProtocolTag tag) => tag switch
    {
        ProtocolTag.Abridged => Abridged.Instance,
        ProtocolTag.Intermediate => Intermediate.Instance,
        ProtocolTag.PaddedIntermediate => PaddedIntermediate.Instance,
        _ => throw new ArgumentOutOfRangeException(nameof(tag)),
    };

    /// <summary>Reads the header at the start of <paramref name="bytes"/>, which may end anywhere.</summary>
    /// <returns>
    /// NeedMoreData; Done with the header; InvalidData when no sender of ours writes this. The length is judged by the framing's own
    /// rules only: what is too long is the caller's to say.
    /// </returns>
    public abstract OperationStatus ReadHeader(ReadOnlySpan<byte> bytes, out FrameHeader header);

    /// <summary>
    /// Writes header, payload and padding.
    /// </summary>
    /// <param name="payload">A positive multiple of 4 bytes, less than 2^24; may not overlap <paramref name="destination"/>.</param>
    /// <param name="quickAck">Asks the DC for a quick acknowledgement (B.4): from client to server only.</param>
    /// <param name="random">For padding; the framings without it do not ask.</param>
    /// <param name="destination">At least <see cref="MaxOverhead"/> longer than the payload.</param>
    /// <returns>Bytes written.</returns>
    public abstract int Write(ReadOnlySpan<byte> payload, bool quickAck, IRandomSource random, Span<byte> destination);

    /// <summary>Writes a header alone, for whoever sends what follows in pieces.</summary>
    /// <param name="length">What follows: a positive multiple of 4 bytes, or with padding any number from 4 on; less than 2^24.</param>
    /// <param name="destination">At least <see cref="MaxHeader"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public abstract int WriteHeader(int length, bool quickAck, Span<byte> destination);

    /// <summary>
    /// Writes the acknowledgement that a DC sends without any header.
    /// </summary>
    /// <param name="token">4 bytes as they came from upstream, bit 31 set when read as a little-endian number.</param>
    public abstract void WriteQuickAck(ReadOnlySpan<byte> token, Span<byte> destination);

    /// <summary>
    /// Whether a frame from the server is no frame but the token of <see cref="WriteQuickAck"/>.
    /// </summary>
    /// <param name="bytes">At least 4 bytes.</param>
    public abstract bool IsQuickAck(ReadOnlySpan<byte> bytes);
}

/// <summary>What stands before a frame.</summary>
/// <param name="Size">Bytes of the header itself.</param>
/// <param name="Length">Bytes that follow, padding included.</param>
/// <param name="Padding">How many of them at the end are padding for certain; whole words of it cannot be told from payload.</param>
internal readonly record struct FrameHeader(int Size, int Length, int Padding, bool QuickAck);
