using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Telemt.Worker.Selftest.Mtproto;

/// <summary>MTProto hashes pieces that lie apart; so do these.</summary>
internal static class Hash
{
    [SuppressMessage("Security", "CA5350", Justification = "The protocol prescribes SHA-1.")]
    public static byte[] Sha1(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b = default, ReadOnlySpan<byte> c = default) =>
        SHA1.HashData((byte[])[.. a, .. b, .. c]);

    public static byte[] Sha256(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b = default) => SHA256.HashData((byte[])[.. a, .. b]);
}
