using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Telemt.Core.Crypto;

/// <summary>
/// The two checksums of middle-proxy frames (PROTOCOL F.6): CRC-32 (zlib's, reflected polynomial edb88320) and CRC-32C (Castagnoli's,
/// 82f63b78), both begun with and finally inverted by ffffffff.
/// </summary>
internal static class Crc32
{
    private const int LeastFolded = 64;

    private static ReadOnlySpan<uint> OfNibbles =>
    [
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
        0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
    ];

    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        if (Pclmulqdq.IsSupported && bytes.Length >= LeastFolded)
        {
            var folded = bytes.Length & ~15;
            crc = Fold(crc, bytes[..folded]);
            bytes = bytes[folded..];
        }

        return ~Portable(crc, bytes);
    }

    /// <summary>By the processor's own instruction where it has one.</summary>
    public static uint ComputeC(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, MemoryMarshal.Read<ulong>(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }

    /// <summary>Half a byte a step: for the ends of long inputs, and for hosts without the instruction. Also the tests' oracle.</summary>
    internal static uint Portable(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            crc ^= value;
            crc = (crc >> 4) ^ OfNibbles[(int)(crc & 15)];
            crc = (crc >> 4) ^ OfNibbles[(int)(crc & 15)];
        }

        return crc;
    }

    /// <summary>
    /// Folds 64 bytes at a time by carry-less multiplication, then 16, then reduces ("Fast CRC Computation Using PCLMULQDQ", Intel 2009).
    /// </summary>
    /// <param name="bytes">At least 64, a multiple of 16.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static uint Fold(uint crc, ReadOnlySpan<byte> bytes)
    {
        // x^n mod P for the distances of a fold, reflected: 64 bytes, 16 bytes, 8 bytes; then P and its inverse.
        var by64 = Vector128.Create(0x1_5444_2bd4, 0x1_c6e4_1596);
        var by16 = Vector128.Create(0x1_7519_97d0, 0x0_ccaa_009e);
        var by8 = Vector128.Create(0x1_63cd_6124, 0L);
        var barrett = Vector128.Create(0x1_db71_0641, 0x1_f701_1641);
        var low32 = Vector128.Create(uint.MaxValue, 0, uint.MaxValue, 0).AsInt64();

        ref var start = ref MemoryMarshal.GetReference(bytes);
        var x1 = Load(ref start, 0) ^ Vector128.CreateScalar(crc).AsInt64();
        var x2 = Load(ref start, 16);
        var x3 = Load(ref start, 32);
        var x4 = Load(ref start, 48);
        nuint at = 64;
        var end = (nuint)bytes.Length;
        for (; end - at >= 64; at += 64)
        {
            x1 = Onto(x1, by64, Load(ref start, at));
            x2 = Onto(x2, by64, Load(ref start, at + 16));
            x3 = Onto(x3, by64, Load(ref start, at + 32));
            x4 = Onto(x4, by64, Load(ref start, at + 48));
        }

        x1 = Onto(x1, by16, x2);
        x1 = Onto(x1, by16, x3);
        x1 = Onto(x1, by16, x4);
        for (; at < end; at += 16)
        {
            x1 = Onto(x1, by16, Load(ref start, at));
        }

        x1 = Sse2.ShiftRightLogical128BitLane(x1, 8) ^ Pclmulqdq.CarrylessMultiply(x1, by16, 0x10);
        x1 = Sse2.ShiftRightLogical128BitLane(x1, 4) ^ Pclmulqdq.CarrylessMultiply(x1 & low32, by8, 0x00);
        var quotient = Pclmulqdq.CarrylessMultiply(x1 & low32, barrett, 0x10);
        x1 ^= Pclmulqdq.CarrylessMultiply(quotient & low32, barrett, 0x00);
        return x1.AsUInt32().GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<long> Load(ref byte start, nuint at) => Vector128.LoadUnsafe(ref start, at).AsInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<long> Onto(Vector128<long> folded, Vector128<long> by, Vector128<long> next) =>
        Pclmulqdq.CarrylessMultiply(folded, by, 0x00) ^ Pclmulqdq.CarrylessMultiply(folded, by, 0x11) ^ next;
}
