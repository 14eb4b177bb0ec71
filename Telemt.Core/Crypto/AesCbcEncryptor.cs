using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Telemt.Core.Crypto;

/// <summary>
/// AES-256-CBC without padding, one chain for the life of a connection (PROTOCOL F.5): each call goes on where the last one ended.
/// A block waits for the one before it, so this is bound by the instructions' latency (about 1.2 GB/s). Not for several threads.
/// </summary>
internal sealed class AesCbcEncryptor
{
    private const int Block = 16;

    private readonly PortableAesCbc? _portable;
    private AesRoundKeys _keys;
    private AesBlock _last;

    /// <param name="key">32 bytes.</param>
    /// <param name="iv">16 bytes.</param>
    public AesCbcEncryptor(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, AesCtr.KeySize);
        ArgumentOutOfRangeException.ThrowIfNotEqual(iv.Length, AesCtr.IvSize);
        if (!AesNiRounds.IsSupported)
        {
            _portable = new PortableAesCbc(key, iv, encrypt: true);
            return;
        }

        AesKeySchedule<AesNiRounds>.Expand(key, ref _keys.First);
        _last.Whole = Vector128.Create(iv);
    }

    /// <summary>Encrypts where the bytes lie.</summary>
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
            Encrypt(ref _keys.First, ref _last.Whole, blocks);
        }
    }

    // As in AesCtrStream: full speed from the first call, and the block in flight stays in a register.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Encrypt(ref Vector128<byte> keys, ref Vector128<byte> last, Span<byte> blocks)
    {
        Debug.Assert(blocks.Length % Block == 0, "whole blocks");
        ref var start = ref MemoryMarshal.GetReference(blocks);
        var block = last;
        for (nuint at = 0; at < (nuint)blocks.Length; at += Block)
        {
            block ^= Vector128.LoadUnsafe(ref start, at) ^ keys;
            for (var round = 1; round < 14; round++)
            {
                block = Aes.Encrypt(block, Unsafe.Add(ref keys, round));
            }

            block = Aes.EncryptLast(block, Unsafe.Add(ref keys, 14));
            block.StoreUnsafe(ref start, at);
        }

        last = block;
    }
}
