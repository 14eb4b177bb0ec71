using System.Buffers;
using System.Buffers.Binary;

namespace Telemt.Core.Wire;

/// <summary>
/// Tag dd (PROTOCOL B.3): <see cref="Intermediate"/> with random bytes behind the payload, so that lengths say less. The length counts
/// them; at least 4.
/// <code>
///   length: 4 bytes LE | payload: a multiple of 4 | padding: 0..15
/// </code>
/// </summary>
internal sealed class PaddedIntermediate : Framing
{
    public static readonly PaddedIntermediate Instance = new();

    /// <summary>More would make clients take padding for part of an encrypted message.</summary>
    public const int MaxPadding = 15;

    public override ProtocolTag Tag => ProtocolTag.PaddedIntermediate;

    public override OperationStatus ReadHeader(ReadOnlySpan<byte> bytes, out FrameHeader header)
    {
        var status = Intermediate.ReadLength(bytes, out var length, out var quickAck);
        header = new FrameHeader(Intermediate.HeaderSize, length, Padding: length % 4, quickAck);
        return status == OperationStatus.Done && length < 4 ? OperationStatus.InvalidData : status;
    }

    public override int Write(ReadOnlySpan<byte> payload, bool quickAck, IRandomSource random, Span<byte> destination)
    {
        Span<byte> one = stackalloc byte[1];
        random.Fill(one);
        return Write(payload, quickAck, one[0] % (MaxPadding + 1), random, destination);
    }

    /// <inheritdoc cref="Framing.Write"/>
    /// <param name="padding">0 to 15 bytes; a proxy that frames for a client adds 0 to 3.</param>
    public static int Write(ReadOnlySpan<byte> payload, bool quickAck, int padding, IRandomSource random, Span<byte> destination)
    {
        Intermediate.ThrowUnlessWords(payload.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)padding, (uint)MaxPadding);
        var length = payload.Length + padding;
        Instance.WriteHeader(length, quickAck, destination);
        payload.CopyTo(destination[Intermediate.HeaderSize..]);
        random.Fill(destination.Slice(Intermediate.HeaderSize + payload.Length, padding));
        return Intermediate.HeaderSize + length;
    }

    public override int WriteHeader(int length, bool quickAck, Span<byte> destination)
    {
        if (length is < 4 or >= 1 << 24)
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, "a padded frame is 4 bytes to below 2^24");
        }

        BinaryPrimitives.WriteUInt32LittleEndian(destination, (uint)length | (quickAck ? Intermediate.QuickAckBit : 0));
        return Intermediate.HeaderSize;
    }

    public override void WriteQuickAck(ReadOnlySpan<byte> token, Span<byte> destination) => token[..4].CopyTo(destination);

    public override bool IsQuickAck(ReadOnlySpan<byte> bytes) => (bytes[3] & 0x80) != 0;
}
