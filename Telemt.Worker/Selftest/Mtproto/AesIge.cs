using System.Security.Cryptography;

namespace Telemt.Worker.Selftest.Mtproto;

/// <summary>
/// AES-256 in infinite garble extension, the mode of MTProto's messages: each block is mixed with the last one of both texts.
/// The IV is the ciphertext's 16 bytes, then the plaintext's.
/// </summary>
internal static class AesIge
{
    private const int Block = 16;

    public static byte[] Encrypt(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv) =>
        Run(plain, key, iv[..Block], iv[Block..], encrypt: true);

    public static byte[] Decrypt(ReadOnlySpan<byte> cipher, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv) =>
        Run(cipher, key, iv[Block..], iv[..Block], encrypt: false);

    /// <param name="before">XORed before the cipher: what came out last.</param>
    /// <param name="after">XORed behind it: what went in last.</param>
    private static byte[] Run(ReadOnlySpan<byte> input, ReadOnlySpan<byte> key, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, bool encrypt)
    {
        if (input.Length % Block != 0)
        {
            throw new InvalidDataException("an encrypted message is whole blocks");
        }

        using var aes = Aes.Create();
        aes.Key = key.ToArray();
        var output = new byte[input.Length];
        Span<byte> mixed = stackalloc byte[Block];
        for (var at = 0; at < input.Length; at += Block)
        {
            var block = input.Slice(at, Block);
            var result = output.AsSpan(at, Block);
            Xor(block, before, mixed);
            if (encrypt)
            {
                aes.EncryptEcb(mixed, result, PaddingMode.None);
            }
            else
            {
                aes.DecryptEcb(mixed, result, PaddingMode.None);
            }

            Xor(result, after, result);
            before = result;
            after = block;
        }

        return output;
    }

    private static void Xor(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, Span<byte> destination)
    {
        for (var i = 0; i < Block; i++)
        {
            destination[i] = (byte)(a[i] ^ b[i]);
        }
    }
}
