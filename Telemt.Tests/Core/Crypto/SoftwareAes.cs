using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Telemt.Core.Crypto;

namespace Telemt.Tests.Core.Crypto;

/// <summary>ARM's AESE and AESMC written out, to run the ARM path's order of rounds on any host.</summary>
internal static class SoftwareAes
{
    private static readonly byte[] Sbox = MakeSbox();

    /// <summary>AESE: add the key, then SubBytes and ShiftRows.</summary>
    public static Vector128<byte> Encrypt(Vector128<byte> block, Vector128<byte> key)
    {
        var mixed = block ^ key;
        Span<byte> shifted = stackalloc byte[16];
        for (var i = 0; i < 16; i++)
        {
            // Row i % 4 moves left by that many columns.
            shifted[i] = Sbox[mixed[(i + (4 * (i % 4))) % 16]];
        }
        return Vector128.Create<byte>(shifted);
    }

    /// <summary>AESMC.</summary>
    public static Vector128<byte> MixColumns(Vector128<byte> block)
    {
        Span<byte> mixed = stackalloc byte[16];
        for (var i = 0; i < 16; i++)
        {
            var column = i & ~3;
            mixed[i] = (byte)(Multiply(block[i], 2) ^ Multiply(block[column + ((i + 1) % 4)], 3)
                ^ block[column + ((i + 2) % 4)] ^ block[column + ((i + 3) % 4)]);
        }
        return Vector128.Create<byte>(mixed);
    }

    private static byte Multiply(int a, int b)
    {
        var product = 0;
        for (; b != 0; b >>= 1)
        {
            product ^= (b & 1) * a;
            a = (a << 1) ^ ((a >> 7) * 0x11b);
        }
        return (byte)product;
    }

    private static byte[] MakeSbox()
    {
        var box = new byte[256];
        for (var value = 0; value < 256; value++)
        {
            var inverse = Enumerable.Range(0, 256).FirstOrDefault(candidate => Multiply(value, candidate) == 1);
            var sum = 0x63;
            for (var turn = 0; turn < 5; turn++)
            {
                sum ^= (inverse << turn | inverse >> (8 - turn)) & 0xff;
            }
            box[value] = (byte)sum;
        }
        return box;
    }
}

/// <summary>The twin of <see cref="ArmAesRounds"/>, line by line.</summary>
internal readonly struct SoftwareArmRounds : IAesRounds
{
    public static bool IsSupported => true;

    public static Vector128<byte> Begin(Vector128<byte> block, Vector128<byte> key0) => block;

    public static Vector128<byte> KeyOfRound(ref Vector128<byte> keys, int round)
        => Unsafe.Add(ref keys, round - 1);

    public static Vector128<byte> Round(Vector128<byte> block, Vector128<byte> key)
        => SoftwareAes.MixColumns(SoftwareAes.Encrypt(block, key));

    public static Vector128<byte> Finish(Vector128<byte> block, ref Vector128<byte> keys, Vector128<byte> data)
        => SoftwareAes.Encrypt(block, Unsafe.Add(ref keys, 13))
            ^ (Unsafe.Add(ref keys, 14) ^ data);

    public static Vector128<byte> SubBytesShiftRows(Vector128<byte> block) => SoftwareAes.Encrypt(block, Vector128<byte>.Zero);
}
