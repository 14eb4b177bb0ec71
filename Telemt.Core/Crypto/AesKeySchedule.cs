using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Telemt.Core.Crypto;

/// <summary>Key expansion of AES-256 (FIPS 197, 5.2), two round keys a step, without tables.</summary>
internal static class AesKeySchedule<TRounds>
    where TRounds : struct, IAesRounds
{
    /// <param name="key">32 bytes.</param>
    /// <param name="keys">First of 15 round keys.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Expand(ReadOnlySpan<byte> key, ref Vector128<byte> keys)
    {
        var even = Vector128.Create(key[..16]);
        var odd = Vector128.Create(key[16..32]);
        keys = even;
        Unsafe.Add(ref keys, 1) = odd;
        for (var i = 2; i < 14; i += 2)
        {
            even = Even(even, odd, i);
            odd = Odd(odd, even);
            Unsafe.Add(ref keys, i) = even;
            Unsafe.Add(ref keys, i + 1) = odd;
        }
        Unsafe.Add(ref keys, 14) = Even(even, odd, 14);
    }

    /// <summary>Round key <paramref name="index"/> (2, 4 .. 14) from the two before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Even(Vector128<byte> even, Vector128<byte> odd, int index)
    {
        // RotWord of the last word, in all four columns: ShiftRows moves nothing then.
        var rotated = Vector128.Shuffle(odd, Vector128.Create((byte)13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12));
        var constant = Vector128.Create(1u << ((index >> 1) - 1)).AsByte();
        return Chain(even) ^ TRounds.SubBytesShiftRows(rotated) ^ constant;
    }

    /// <summary>An odd round key (3, 5 .. 13) from the odd one before it and the even one just made.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Odd(Vector128<byte> odd, Vector128<byte> even)
    {
        var last = Vector128.Shuffle(even, Vector128.Create((byte)12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15));
        return Chain(odd) ^ TRounds.SubBytesShiftRows(last);
    }

    // Each word XORed with all words before it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Chain(Vector128<byte> words)
    {
        const byte None = 255;
        words ^= Vector128.Shuffle(words, Vector128.Create(None, None, None, None, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
        return words ^ Vector128.Shuffle(words, Vector128.Create(None, None, None, None, None, None, None, None, 0, 1, 2, 3, 4, 5, 6, 7));
    }
}
