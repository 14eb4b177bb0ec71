using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Telemt.Core.Crypto;

/// <summary>
/// AES-256-CTR with one continuous key stream: each call goes on where the last one ended, whatever their lengths. The counter is
/// the 16-byte IV as a big-endian number, one more for each block, with full carry (PROTOCOL C.1). About 300 bytes; no allocation
/// per call. Belongs to one connection's loop: not safe for several threads at once.
/// </summary>
internal sealed class AesCtr
{
    public const int KeySize = 32;
    public const int IvSize = 16;

    // Used on hosts with AES instructions; else _portable is set.
    private AesCtrState _state;
    private readonly PortableAesCtr? _portable;

    /// <param name="key">32 bytes.</param>
    /// <param name="iv">16 bytes: the number of the first block.</param>
    public AesCtr(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeySize);
        ArgumentOutOfRangeException.ThrowIfNotEqual(iv.Length, IvSize);
        if (AesNiRounds.IsSupported)
        {
            _state = AesCtrState.Create<AesNiRounds>(key, iv);
        }
        else if (ArmAesRounds.IsSupported)
        {
            _state = AesCtrState.Create<ArmAesRounds>(key, iv);
        }
        else
        {
            _portable = new PortableAesCtr(key, iv);
        }
    }

    /// <summary>Which of the paths this host takes, for people to read.</summary>
    public static string PathName => AesNiRounds.IsSupported ? "AES-NI" : ArmAesRounds.IsSupported ? "ARMv8 AES" : "portable";

    /// <summary>Encrypts or decrypts (the same) where the bytes lie.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Transform(Span<byte> inPlace) => TransformCore(inPlace, inPlace);

    /// <summary>Encrypts or decrypts into another place.</summary>
    /// <param name="source">What to transform.</param>
    /// <param name="destination">At least as long; may overlap <paramref name="source"/> at the same or a lower address.</param>
    /// <exception cref="ArgumentOutOfRangeException">The destination is shorter than the source.</exception>
    public void Transform(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, source.Length, nameof(destination));
        TransformCore(source, destination);
    }

    /// <summary>One block of a stream's key stream, for looking into a header without keeping the stream.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="iv">16 bytes.</param>
    /// <param name="block">Which block, from 0.</param>
    /// <remarks>Allocates nothing on hosts with AES instructions; elsewhere it makes a cipher each time.</remarks>
    public static Vector128<byte> KeyStreamBlock(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv, uint block)
    {
        var number = BinaryPrimitives.ReadUInt128BigEndian(iv) + block;
        if (AesNiRounds.IsSupported)
        {
            return AesCtrStream<AesNiRounds>.KeyStream(key, (ulong)(number >> 64), (ulong)number);
        }
        if (ArmAesRounds.IsSupported)
        {
            return AesCtrStream<ArmAesRounds>.KeyStream(key, (ulong)(number >> 64), (ulong)number);
        }
        return PortableAesCtr.KeyStreamBlock(key, number);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void TransformCore(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (AesNiRounds.IsSupported)
        {
            AesCtrStream<AesNiRounds>.Transform(ref _state, source, destination);
        }
        else if (ArmAesRounds.IsSupported)
        {
            AesCtrStream<ArmAesRounds>.Transform(ref _state, source, destination);
        }
        else
        {
            _portable!.Transform(source, destination);
        }
    }
}
