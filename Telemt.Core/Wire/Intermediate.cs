using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Telemt.Core.Wire;

/// <summary>
/// Tag ee (PROTOCOL B.2). Bit 31 of the length asks for a quick acknowledgement; bit 30 is never set.
/// <code>
///   length: 4 bytes LE, a multiple of 4 | payload
/// </code>
/// </summary>
internal sealed class Intermediate : Framing
{
    public static readonly Intermediate Instance = new();

    internal const uint QuickAckBit = 0x8000_0000;
    internal const uint NeverBit = 0x4000_0000;
    internal const int HeaderSize = 4;

    public override ProtocolTag Tag => ProtocolTag.Intermediate;

    public override OperationStatus ReadHeader(ReadOnlySpan<byte> bytes, out FrameHeader header)
    {
        var status = ReadLength(bytes, out var length, out var quickAck);
        header = new FrameHeader(HeaderSize, length, Padding: 0, quickAck);
        return status == OperationStatus.Done && (length == 0 || length % 4 != 0) ? OperationStatus.InvalidData : status;
    }

    public override int Write(ReadOnlySpan<byte> payload, bool quickAck, IRandomSource random, Span<byte> destination)
    {
        WriteHeader(payload.Length, quickAck, destination);
        payload.CopyTo(destination[HeaderSize..]);
        return HeaderSize + payload.Length;
    }

    public override int WriteHeader(int length, bool quickAck, Span<byte> destination)
    {
        ThrowUnlessWords(length);
        BinaryPrimitives.WriteUInt32LittleEndian(destination, (uint)length | (quickAck ? QuickAckBit : 0));
        return HeaderSize;
    }

    public override void WriteQuickAck(ReadOnlySpan<byte> token, Span<byte> destination) => token[..4].CopyTo(destination);

    public override bool IsQuickAck(ReadOnlySpan<byte> bytes) => (bytes[3] & 0x80) != 0;

    internal static OperationStatus ReadLength(ReadOnlySpan<byte> bytes, out int length, out bool quickAck)
    {
        if (bytes.Length < HeaderSize)
        {
            (length, quickAck) = (0, false);
            return OperationStatus.NeedMoreData;
        }

        var word = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        quickAck = (word & QuickAckBit) != 0;
        length = (int)(word & (NeverBit - 1));
        return (word & NeverBit) != 0 ? OperationStatus.InvalidData : OperationStatus.Done;
    }

    internal static void ThrowUnlessWords(int length, [CallerArgumentExpression(nameof(length))] string? name = null)
    {
        if (length is <= 0 or >= 1 << 24 || length % 4 != 0)
        {
            throw new ArgumentOutOfRangeException(name, length, "a payload is a positive multiple of 4 bytes below 2^24");
        }
    }
}
