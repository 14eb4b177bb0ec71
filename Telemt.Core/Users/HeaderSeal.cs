using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using Telemt.Core.Crypto;
using Telemt.Core.Wire;

namespace Telemt.Core.Users;

/// <summary>
/// The sealed end of a 64-byte obfuscated2 header (PROTOCOL C.1), which only the right key opens to a protocol tag:
/// <code>
/// 56                  60      62     64
/// | tag, 4 equal bytes | dc LE | rand |
/// </code>
/// </summary>
internal static class HeaderSeal
{
    private const int TagOffset = 56;
    private const int DcOffset = 60;

    // Bytes 48..63 are the fourth block of the key stream.
    private const uint SealBlock = 3;
    private const int SealBlockStart = 48;

    /// <param name="header">64 bytes as on the wire.</param>
    /// <param name="key">The client-to-server key, 32 bytes.</param>
    /// <param name="tag">The framing.</param>
    /// <param name="dc">As the client wrote it: see PROTOCOL C.2.</param>
    /// <returns>False when this is not the key.</returns>
    public static bool TryOpen(ReadOnlySpan<byte> header, ReadOnlySpan<byte> key, out ProtocolTag tag, out short dc)
    {
        var stream = AesCtr.KeyStreamBlock(key, header.Slice(HandshakeKeys.IvOffset, AesCtr.IvSize), SealBlock);
        var opened = stream ^ Vector128.Create(header.Slice(SealBlockStart, Vector128<byte>.Count));
        var word = opened.AsUInt32()[(TagOffset - SealBlockStart) / sizeof(uint)];
        var dcBytes = opened.AsInt16()[(DcOffset - SealBlockStart) / sizeof(short)];
        tag = (ProtocolTag)(word & 0xff);
        dc = BitConverter.IsLittleEndian ? dcBytes : BinaryPrimitives.ReverseEndianness(dcBytes);
        return word == (word & 0xff) * 0x01010101u
            && tag is ProtocolTag.Abridged or ProtocolTag.Intermediate or ProtocolTag.PaddedIntermediate;
    }
}
