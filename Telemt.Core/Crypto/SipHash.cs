using System.Buffers.Binary;
using System.Numerics;

namespace Telemt.Core.Crypto;

/// <summary>
/// SipHash-2-4 (Aumasson, Bernstein 2012): 64 bits over short inputs, which nobody without the 16-byte key can make collide.
/// </summary>
internal static class SipHash
{
    public const int KeySize = 16;

    public static ulong Hash(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data)
    {
        var k0 = BinaryPrimitives.ReadUInt64LittleEndian(key);
        var k1 = BinaryPrimitives.ReadUInt64LittleEndian(key[8..KeySize]);

        // "somepseudorandomlygeneratedbytes"
        var v0 = k0 ^ 0x736f_6d65_7073_6575;
        var v1 = k1 ^ 0x646f_7261_6e64_6f6d;
        var v2 = k0 ^ 0x6c79_6765_6e65_7261;
        var v3 = k1 ^ 0x7465_6462_7974_6573;

        var length = data.Length;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
        {
            Absorb(ref v0, ref v1, ref v2, ref v3, BinaryPrimitives.ReadUInt64LittleEndian(data));
        }

        // The last word: what is left over, and the length's low byte on top.
        var last = (ulong)(byte)length << 56;
        for (var i = 0; i < data.Length; i++)
        {
            last |= (ulong)data[i] << (8 * i);
        }
        Absorb(ref v0, ref v1, ref v2, ref v3, last);

        v2 ^= 0xff;
        for (var round = 0; round < 4; round++)
        {
            Round(ref v0, ref v1, ref v2, ref v3);
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private static void Absorb(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3, ulong word)
    {
        v3 ^= word;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= word;
    }

    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v3;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}
