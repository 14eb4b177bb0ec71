using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Telemt.Core.Crypto;

/// <summary>AES by ARMv8's AESE, which adds the key before SubBytes and ShiftRows, and AESMC (MixColumns); processors fuse the pair.</summary>
internal readonly struct ArmAesRounds : IAesRounds
{
    public static bool IsSupported
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Aes.IsSupported;
    }

    // Key 0 enters with the first AESE.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Begin(Vector128<byte> block, Vector128<byte> key0) => block;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> KeyOfRound(ref Vector128<byte> keys, int round) => Unsafe.Add(ref keys, round - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Round(Vector128<byte> block, Vector128<byte> key) => Aes.MixColumns(Aes.Encrypt(block, key));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Finish(Vector128<byte> block, ref Vector128<byte> keys, Vector128<byte> data)
        => Aes.Encrypt(block, Unsafe.Add(ref keys, 13)) ^ (Unsafe.Add(ref keys, 14) ^ data);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> SubBytesShiftRows(Vector128<byte> block) => Aes.Encrypt(block, Vector128<byte>.Zero);
}
