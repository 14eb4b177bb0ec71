using System.Buffers.Binary;

namespace Telemt.Core.Middle;

/// <summary>
/// The first encrypted frame's body, from both sides (PROTOCOL F.6), numbers little-endian:
/// <code>
/// 0             4       8                   20                 32
/// | f5 ee 82 76 | flags | sender's id: 12   | peer's id: 12    |
/// | da be 27 6a | error | sender's id: 12   |                         in place of it, a refusal
/// id: IPv4 number: 4 | port: 2 | process: 2 | start time: 4
/// </code>
/// </summary>
internal static class MiddleHello
{
    public const int Size = 32;
    public const int IdSize = 12;
    public const int SenderOffset = 8;
    public const int PeerOffset = SenderOffset + IdSize;

    /// <summary>CRC-32C from the next frame on: wanted by us, granted by the middle proxy.</summary>
    public const uint Crc32CFlag = 0x800;

    private const uint Type = 0x7682eef5;
    private const uint RefusalType = 0x6a27beda;

    public static void Write(uint flags, ReadOnlySpan<byte> sender, ReadOnlySpan<byte> peer, Span<byte> body)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(body, Type);
        BinaryPrimitives.WriteUInt32LittleEndian(body[4..], flags);
        sender.CopyTo(body[SenderOffset..]);
        peer.CopyTo(body[PeerOffset..]);
    }

    public static void WriteId(uint address, int port, int process, uint started, Span<byte> id)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(id, address);
        BinaryPrimitives.WriteUInt16LittleEndian(id[4..], (ushort)port);
        BinaryPrimitives.WriteUInt16LittleEndian(id[6..], (ushort)process);
        BinaryPrimitives.WriteUInt32LittleEndian(id[8..], started);
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out uint flags)
    {
        var fits = body.Length == Size && BinaryPrimitives.ReadUInt32LittleEndian(body) == Type;
        flags = fits ? BinaryPrimitives.ReadUInt32LittleEndian(body[4..]) : 0;
        return fits;
    }

    /// <summary>-3 length, -4 and -6 ids, -7 flags, -8 CRC-32C.</summary>
    public static bool TryReadRefusal(ReadOnlySpan<byte> body, out int error)
    {
        var fits = body.Length >= 8 && BinaryPrimitives.ReadUInt32LittleEndian(body) == RefusalType;
        error = fits ? BinaryPrimitives.ReadInt32LittleEndian(body[4..]) : 0;
        return fits;
    }
}
