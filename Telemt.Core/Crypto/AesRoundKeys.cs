using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Telemt.Core.Crypto;

/// <summary>
/// The 15 round keys of AES-256 (240 bytes). Kept as words, since an array of vectors would round every object that holds one up
/// to a multiple of 16 bytes.
/// </summary>
[InlineArray(30)]
internal struct AesRoundKeys
{
    private ulong _word;

    /// <summary>The first of the 15.</summary>
    [UnscopedRef]
    public ref Vector128<byte> First => ref Unsafe.As<ulong, Vector128<byte>>(ref _word);
}

/// <summary>16 bytes of key stream.</summary>
[InlineArray(16)]
internal struct AesBlock
{
    private byte _byte;

    [UnscopedRef]
    public ref byte First => ref _byte;

    [UnscopedRef]
    public ref Vector128<byte> Whole => ref Unsafe.As<byte, Vector128<byte>>(ref _byte);
}
