using System.Numerics;
using System.Security.Cryptography;

namespace Telemt.Worker.Selftest.Mtproto;

/// <summary>
/// The fake Telegram's RSA key. A client learns the public half beforehand and knows it again by its fingerprint; what it encrypts
/// has MTProto's own padding, which no library undoes:
/// <code>
/// key XOR SHA-256(encrypted): 32 | encrypted: 224 = AES-IGE(key, iv 0, reversed(data: 192) | SHA-256(key | data))
/// </code>
/// </summary>
internal sealed class KeyExchangeKey
{
    private const int DataSize = 192;
    private const int KeySize = 32;

    private readonly BigInteger _modulus;
    private readonly BigInteger _privateExponent;

    public KeyExchangeKey()
    {
        RSAParameters parts;
        do
        {
            using var rsa = RSA.Create(2048);
            parts = rsa.ExportParameters(includePrivateParameters: true);
            Pem = rsa.ExportRSAPublicKeyPem();
            var serialized = new TlWriter().Bytes(parts.Modulus).Bytes(parts.Exponent).Written;
            Fingerprint = BitConverter.ToInt64(Hash.Sha1(serialized).AsSpan(12));
        }
        while ((ulong)Fingerprint >> 60 == 0);

        // ^ A first digit of 0: mtcute looks such a fingerprint up without it, and finds nothing.
        _modulus = Number(parts.Modulus);
        _privateExponent = Number(parts.D);
    }

    /// <summary>The public half, PKCS #1 ("BEGIN RSA PUBLIC KEY").</summary>
    public string Pem { get; }

    /// <summary>The last 8 bytes of SHA-1 over modulus and exponent as TL strings.</summary>
    public long Fingerprint { get; }

    /// <summary>Gives back the 192 bytes that a client encrypted, its own random padding included.</summary>
    /// <exception cref="InvalidDataException">Not encrypted with our key.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> encrypted)
    {
        var number = BigInteger.ModPow(Number(encrypted), _privateExponent, _modulus);
        var bytes = new byte[KeySize + DataSize + 32];
        number.TryWriteBytes(bytes.AsSpan(bytes.Length - number.GetByteCount(isUnsigned: true)), out _, isUnsigned: true, isBigEndian: true);

        var key = Hash.Sha256(bytes.AsSpan(KeySize));
        for (var i = 0; i < KeySize; i++)
        {
            key[i] ^= bytes[i];
        }

        var data = AesIge.Decrypt(bytes.AsSpan(KeySize), key, stackalloc byte[32]);
        data.AsSpan(0, DataSize).Reverse();
        if (!Hash.Sha256(key, data.AsSpan(0, DataSize)).AsSpan().SequenceEqual(data.AsSpan(DataSize)))
        {
            throw new InvalidDataException("p_q_inner_data is not encrypted with our key");
        }

        return data[..DataSize];
    }

    internal static BigInteger Number(ReadOnlySpan<byte> bigEndian) => new(bigEndian, isUnsigned: true, isBigEndian: true);
}
