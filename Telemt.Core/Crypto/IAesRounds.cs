using System.Runtime.Intrinsics;

namespace Telemt.Core.Crypto;

/// <summary>
/// What a processor's AES instructions offer, one 16-byte block at a time. The instruction sets cut a round in different places
/// (x64 adds the key last, ARM adds it first), so an implementation is given all keys and the number of the round.
/// </summary>
/// <remarks>Implemented by empty structs: the JIT makes one copy of <see cref="AesCtrStream{TRounds}"/> for each and inlines them.</remarks>
internal interface IAesRounds
{
    /// <summary>A constant to the JIT: the branches that are not for this host vanish.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>What happens to a block before round 1.</summary>
    static abstract Vector128<byte> Begin(Vector128<byte> block, Vector128<byte> key0);

    /// <summary>The key that <see cref="Round"/> number 1..13 takes.</summary>
    static abstract Vector128<byte> KeyOfRound(ref Vector128<byte> keys, int round);

    /// <summary>One of the rounds 1..13.</summary>
    static abstract Vector128<byte> Round(Vector128<byte> block, Vector128<byte> key);

    /// <summary>Round 14, its key, and the data that the key stream meets.</summary>
    static abstract Vector128<byte> Finish(Vector128<byte> block, ref Vector128<byte> keys, Vector128<byte> data);

    /// <summary>SubBytes and ShiftRows alone: the part of the key schedule that needs the S-box.</summary>
    static abstract Vector128<byte> SubBytesShiftRows(Vector128<byte> block);
}
