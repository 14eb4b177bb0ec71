using System.Buffers.Binary;

namespace Telemt.Core.Middle;

/// <summary>
/// The first frame's body, from both sides (PROTOCOL F.3), numbers little-endian:
/// <code>
/// 0               4              8        12       16
/// | aa 87 cb 7a   | key selector | schema | time   | nonce: 16 |
/// </code>
/// </summary>
internal readonly ref struct MiddleNonce
{
    public const int Size = 32;
    public const int FrameSize = Size + RpcFrame.Overhead;
    public const uint AesSchema = 1;

    private const uint Type = 0x7acb87aa;

    public uint KeySelector { get; init; }

    public uint Schema { get; init; }

    /// <summary>Unix time in seconds.</summary>
    public uint Time { get; init; }

    public ReadOnlySpan<byte> Nonce { get; init; }

    public static bool TryRead(ReadOnlySpan<byte> body, out MiddleNonce nonce)
    {
        nonce = default;
        if (body.Length != Size || BinaryPrimitives.ReadUInt32LittleEndian(body) != Type)
        {
            return false;
        }

        nonce = new MiddleNonce
        {
            KeySelector = BinaryPrimitives.ReadUInt32LittleEndian(body[4..]),
            Schema = BinaryPrimitives.ReadUInt32LittleEndian(body[8..]),
            Time = BinaryPrimitives.ReadUInt32LittleEndian(body[12..]),
            Nonce = body.Slice(16, MiddleKeys.NonceSize),
        };
        return true;
    }

    /// <param name="body">Receives <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> body)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(body, Type);
        BinaryPrimitives.WriteUInt32LittleEndian(body[4..], KeySelector);
        BinaryPrimitives.WriteUInt32LittleEndian(body[8..], Schema);
        BinaryPrimitives.WriteUInt32LittleEndian(body[12..], Time);
        Nonce.CopyTo(body[16..]);
    }
}
