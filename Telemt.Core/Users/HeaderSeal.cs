using System.Runtime.Intrinsics;
using Telemt.Core.Crypto;
using Telemt.Core.Wire;

namespace Telemt.Core.Users;

/// <summary>The end of a 64-byte obfuscated2 header, which only the right key opens to a protocol tag (PROTOCOL C.1).</summary>
internal static class HeaderSeal
{
    // Tag and DC lie in bytes 48..63: the fourth block of the key stream opens them.
    private const uint SealBlock = 3;
    private const int SealBlockStart = 48;

    /// <param name="header">64 bytes as on the wire.</param>
    /// <param name="key">The client-to-server key, 32 bytes.</param>
    /// <param name="tag">The framing.</param>
    /// <param name="dc">As the client wrote it (PROTOCOL C.2).</param>
    /// <returns>False when this is not the key.</returns>
    public static bool TryOpen(ReadOnlySpan<byte> header, ReadOnlySpan<byte> key, out ProtocolTag tag, out short dc)
    {
        var stream = AesCtr.KeyStreamBlock(key, header.Slice(HandshakeKeys.IvOffset, AesCtr.IvSize), SealBlock);
        Span<byte> plain = stackalloc byte[ObfuscatedHeader.Size];
        (stream ^ Vector128.Create(header[SealBlockStart..])).CopyTo(plain[SealBlockStart..]);
        return ObfuscatedHeader.TryReadPlain(plain, out tag, out dc);
    }
}
