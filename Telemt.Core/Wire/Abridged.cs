using System.Buffers;

namespace Telemt.Core.Wire;

/// <summary>
/// Tag ef (PROTOCOL B.1). n is the length in words of 4 bytes; bit 7 of the first byte asks for a quick acknowledgement.
/// <code>
///   n: 1..7e   | payload
///   7f | n: 3 bytes LE, 127 and more | payload
/// </code>
/// </summary>
internal sealed class Abridged : Framing
{
    public static readonly Abridged Instance = new();

    private const byte QuickAckBit = 0x80;
    private const byte LongForm = 0x7f;

    public override ProtocolTag Tag => ProtocolTag.Abridged;

    public override OperationStatus ReadHeader(ReadOnlySpan<byte> bytes, out FrameHeader header)
    {
        header = default;
        if (bytes.IsEmpty)
        {
            return OperationStatus.NeedMoreData;
        }

        var quickAck = (bytes[0] & QuickAckBit) != 0;
        var words = bytes[0] & ~QuickAckBit;
        var size = 1;
        if (words == LongForm)
        {
            size = 4;
            if (bytes.Length < size)
            {
                return OperationStatus.NeedMoreData;
            }

            words = bytes[1] | (bytes[2] << 8) | (bytes[3] << 16);
            if (words < LongForm)
            {
                return OperationStatus.InvalidData;
            }
        }

        header = new FrameHeader(size, words * 4, Padding: 0, quickAck);
        return words == 0 ? OperationStatus.InvalidData : OperationStatus.Done;
    }

    public override int Write(ReadOnlySpan<byte> payload, bool quickAck, IRandomSource random, Span<byte> destination)
    {
        var size = WriteHeader(payload.Length, quickAck, destination);
        payload.CopyTo(destination[size..]);
        return size + payload.Length;
    }

    public override int WriteHeader(int length, bool quickAck, Span<byte> destination)
    {
        Intermediate.ThrowUnlessWords(length);
        var words = length / 4;
        var bit = quickAck ? QuickAckBit : (byte)0;
        var size = words < LongForm ? 1 : 4;
        destination[0] = (byte)(bit | (size == 1 ? words : LongForm));
        if (size == 4)
        {
            destination[1] = (byte)words;
            destination[2] = (byte)(words >> 8);
            destination[3] = (byte)(words >> 16);
        }

        return size;
    }

    /// <summary>Reversed, so that the byte with the high bit comes first, where a client looks for a length.</summary>
    public override void WriteQuickAck(ReadOnlySpan<byte> token, Span<byte> destination)
    {
        token[..4].CopyTo(destination);
        destination[..4].Reverse();
    }

    public override bool IsQuickAck(ReadOnlySpan<byte> bytes) => (bytes[0] & QuickAckBit) != 0;
}
