using System.Buffers.Binary;

namespace Telemt.Core.Crypto;

/// <summary>
/// A place in an AES-256-CTR key stream (280 bytes): an idle session keeps two, so nothing is stored that can be made again cheaply.
/// </summary>
internal struct AesCtrState
{
    public AesRoundKeys Keys;

    /// <summary>Upper and lower half of the number of the next block: a 128-bit counter, big-endian where it is encrypted.</summary>
    public ulong High;

    public ulong Low;

    /// <summary>The key stream of the block that the last call ended in; valid when <see cref="Used"/> is not 0.</summary>
    public AesBlock Rest;

    /// <summary>How many bytes of <see cref="Rest"/> are spent: 1..15, or 0 at a block's border.</summary>
    public nuint Used;

    public static AesCtrState Create<TRounds>(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv)
        where TRounds : struct, IAesRounds
    {
        var state = new AesCtrState
        {
            High = BinaryPrimitives.ReadUInt64BigEndian(iv),
            Low = BinaryPrimitives.ReadUInt64BigEndian(iv[8..]),
        };
        AesKeySchedule<TRounds>.Expand(key, ref state.Keys.First);
        return state;
    }
}
