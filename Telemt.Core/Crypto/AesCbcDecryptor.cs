using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Telemt.Core.Crypto;

/// <summary>
/// The other side of <see cref="AesCbcEncryptor"/>. Blocks do not wait for each other here: eight are in flight at once.
/// </summary>
internal sealed class AesCbcDecryptor
{
    private const int Block = 16;

    private readonly PortableAesCbc? _portable;
    private AesRoundKeys _keys;
    private AesBlock _last;

    /// <param name="key">32 bytes.</param>
    /// <param name="iv">16 bytes.</param>
    public AesCbcDecryptor(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, AesCtr.KeySize);
        ArgumentOutOfRangeException.ThrowIfNotEqual(iv.Length, AesCtr.IvSize);
        if (!AesNiRounds.IsSupported)
        {
            _portable = new PortableAesCbc(key, iv, encrypt: false);
            return;
        }

        AesKeySchedule<AesNiRounds>.Expand(key, ref _keys.First);
        for (var round = 1; round < 14; round++)
        {
            // The equivalent inverse cipher (FIPS 197, 5.3.5), which AESDEC computes.
            ref var roundKey = ref Unsafe.Add(ref _keys.First, round);
            roundKey = Aes.InverseMixColumns(roundKey);
        }

        _last.Whole = Vector128.Create(iv);
    }

    /// <summary>Decrypts where the bytes lie.</summary>
    /// <param name="blocks">A multiple of 16 bytes.</param>
    public void Transform(Span<byte> blocks)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(blocks.Length % Block, 0, nameof(blocks));
        if (_portable is not null)
        {
            _portable.Transform(blocks);
        }
        else
        {
            Decrypt(ref _keys.First, ref _last.Whole, blocks);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Decrypt(ref Vector128<byte> keys, ref Vector128<byte> last, Span<byte> blocks)
    {
        Debug.Assert(blocks.Length % Block == 0, "whole blocks");
        ref var start = ref MemoryMarshal.GetReference(blocks);
        var before = last;
        nuint at = 0;
        var end = (nuint)blocks.Length;
        for (; end - at >= 8 * Block; at += 8 * Block)
        {
            var key = Unsafe.Add(ref keys, 14);
            var c0 = Vector128.LoadUnsafe(ref start, at);
            var c1 = Vector128.LoadUnsafe(ref start, at + 16);
            var c2 = Vector128.LoadUnsafe(ref start, at + 32);
            var c3 = Vector128.LoadUnsafe(ref start, at + 48);
            var c4 = Vector128.LoadUnsafe(ref start, at + 64);
            var c5 = Vector128.LoadUnsafe(ref start, at + 80);
            var c6 = Vector128.LoadUnsafe(ref start, at + 96);
            var c7 = Vector128.LoadUnsafe(ref start, at + 112);
            var (b0, b1, b2, b3) = (c0 ^ key, c1 ^ key, c2 ^ key, c3 ^ key);
            var (b4, b5, b6, b7) = (c4 ^ key, c5 ^ key, c6 ^ key, c7 ^ key);
            for (var round = 13; round > 0; round--)
            {
                key = Unsafe.Add(ref keys, round);
                b0 = Aes.Decrypt(b0, key);
                b1 = Aes.Decrypt(b1, key);
                b2 = Aes.Decrypt(b2, key);
                b3 = Aes.Decrypt(b3, key);
                b4 = Aes.Decrypt(b4, key);
                b5 = Aes.Decrypt(b5, key);
                b6 = Aes.Decrypt(b6, key);
                b7 = Aes.Decrypt(b7, key);
            }

            // AESDECLAST ends by XORing its key: the ciphertext before rides along. Ciphertexts are read again, not kept in registers.
            key = keys;
            b0 = Aes.DecryptLast(b0, key ^ before);
            b1 = Aes.DecryptLast(b1, key ^ Vector128.LoadUnsafe(ref start, at));
            b2 = Aes.DecryptLast(b2, key ^ Vector128.LoadUnsafe(ref start, at + 16));
            b3 = Aes.DecryptLast(b3, key ^ Vector128.LoadUnsafe(ref start, at + 32));
            b4 = Aes.DecryptLast(b4, key ^ Vector128.LoadUnsafe(ref start, at + 48));
            b5 = Aes.DecryptLast(b5, key ^ Vector128.LoadUnsafe(ref start, at + 64));
            b6 = Aes.DecryptLast(b6, key ^ Vector128.LoadUnsafe(ref start, at + 80));
            b7 = Aes.DecryptLast(b7, key ^ Vector128.LoadUnsafe(ref start, at + 96));
            before = Vector128.LoadUnsafe(ref start, at + 112);
            b0.StoreUnsafe(ref start, at);
            b1.StoreUnsafe(ref start, at + 16);
            b2.StoreUnsafe(ref start, at + 32);
            b3.StoreUnsafe(ref start, at + 48);
            b4.StoreUnsafe(ref start, at + 64);
            b5.StoreUnsafe(ref start, at + 80);
            b6.StoreUnsafe(ref start, at + 96);
            b7.StoreUnsafe(ref start, at + 112);
        }

        for (; at < end; at += Block)
        {
            var cipher = Vector128.LoadUnsafe(ref start, at);
            var block = cipher ^ Unsafe.Add(ref keys, 14);
            for (var round = 13; round > 0; round--)
            {
                block = Aes.Decrypt(block, Unsafe.Add(ref keys, round));
            }

            Aes.DecryptLast(block, keys ^ before).StoreUnsafe(ref start, at);
            before = cipher;
        }

        last = before;
    }
}
