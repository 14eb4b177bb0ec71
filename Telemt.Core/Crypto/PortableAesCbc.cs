using System.Diagnostics;
using System.Security.Cryptography;

namespace Telemt.Core.Crypto;

/// <summary>
/// AES-256-CBC by the platform, for processors whose instructions we do not use ourselves: one transform for the life of the stream,
/// fed a batch at a time because it takes arrays only.
/// </summary>
internal sealed class PortableAesCbc
{
    private const int Batch = 4096;

    private readonly ICryptoTransform _cipher;
    private readonly byte[] _batch = new byte[Batch];

    public PortableAesCbc(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv, bool encrypt)
    {
        using var aes = Aes.Create();
        aes.Mode = CipherMode.CBC;
        aes.Padding = PaddingMode.None;
        var (keyBytes, ivBytes) = (key.ToArray(), iv.ToArray());
        _cipher = encrypt ? aes.CreateEncryptor(keyBytes, ivBytes) : aes.CreateDecryptor(keyBytes, ivBytes);
    }

    public void Transform(Span<byte> blocks)
    {
        while (!blocks.IsEmpty)
        {
            var count = Math.Min(Batch, blocks.Length);
            blocks[..count].CopyTo(_batch);
            var made = _cipher.TransformBlock(_batch, 0, count, _batch, 0);
            Debug.Assert(made == count, "CBC without padding keeps the length");
            _batch.AsSpan(0, count).CopyTo(blocks);
            blocks = blocks[count..];
        }
    }
}
