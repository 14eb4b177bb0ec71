using System.Buffers.Binary;
using System.Diagnostics;
using System.Numerics;

namespace Telemt.Core.Crypto;

/// <summary>SHA-256 (FIPS 180-4) one block at a time in plain integers: what all lanes of a scan have in common.</summary>
internal static class Sha256Block
{
    public const int Size = 64;
    public const int Words = 16;
    public const int Rounds = 64;
    public const int StateWords = 8;

    /// <summary>The first word of padding.</summary>
    public const uint PadWord = 0x8000_0000;

    /// <summary>The state before the first block.</summary>
    public static ReadOnlySpan<uint> Initial => InitialWords;

    /// <summary>One constant a round.</summary>
    public static ReadOnlySpan<uint> K => Constants;

    // Arrays, since a span over constants allocates at each use until its user is optimised.
    private static readonly uint[] InitialWords =
    [
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    ];

    private static readonly uint[] Constants =
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>How many blocks a message makes with its padding.</summary>
    public static int Count(int length) => (length + 1 + sizeof(ulong) + Size - 1) / Size;

    /// <summary>Block <paramref name="number"/> of a message, padding and length included.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="number">From 0.</param>
    /// <param name="before">Bytes hashed before the message: whole blocks.</param>
    /// <param name="block">Receives 64 bytes.</param>
    public static void Take(ReadOnlySpan<byte> message, int number, int before, Span<byte> block)
    {
        Debug.Assert(before % Size == 0, "the message starts at a block's border");
        var rest = number * Size < message.Length ? message[(number * Size)..] : [];
        if (rest.Length >= Size)
        {
            rest[..Size].CopyTo(block);
            return;
        }
        block.Clear();
        rest.CopyTo(block);
        if (number * Size <= message.Length)
        {
            block[rest.Length] = 0x80;
        }
        if (number == Count(message.Length) - 1)
        {
            BinaryPrimitives.WriteUInt64BigEndian(block[(Size - sizeof(ulong))..], ((ulong)before + (ulong)message.Length) * 8);
        }
    }

    /// <summary>The first rounds of a block on a state, without the addition that ends a block.</summary>
    /// <param name="state">8 words, a to h.</param>
    /// <param name="words">One word of the message for each round, big-endian already read.</param>
    public static void FirstRounds(Span<uint> state, ReadOnlySpan<uint> words)
    {
        for (var t = 0; t < words.Length; t++)
        {
            var (a, e) = (state[0], state[4]);
            var sum1 = BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
            var sum0 = BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);
            var first = state[7] + sum1 + (state[6] ^ (e & (state[5] ^ state[6]))) + K[t] + words[t];
            var second = sum0 + ((a & state[1]) | (state[2] & (a | state[1])));
            state[..7].CopyTo(state[1..]);
            state[0] = first + second;
            state[4] += first;
        }
    }
}
