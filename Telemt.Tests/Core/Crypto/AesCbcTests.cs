using System.Security.Cryptography;
using Telemt.Core.Crypto;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Core.Crypto;

internal sealed class AesCbcTests
{
    private static readonly byte[] Key = Bytes(32, 1);
    private static readonly byte[] Iv = Bytes(16, 2);

    [Test]
    public void Transform_EveryNumberOfBlocks_AsThePlatform([Values] bool portable)
    {
        for (var blocks = 0; blocks <= 40; blocks++)
        {
            var plain = Bytes(blocks * 16, 3 + blocks);
            var expected = Platform(plain);
            var buffer = plain.ToArray();

            Encryptor(portable)(buffer);
            Assert.That(buffer, Is.EqualTo(expected), $"{blocks} blocks");

            Decryptor(portable)(buffer);
            Assert.That(buffer, Is.EqualTo(plain), $"{blocks} blocks");
        }
    }

    [Test]
    public void Transform_InPieces_OneChain([Values] bool portable)
    {
        var plain = Bytes(16 * 1000, 4);
        var expected = Platform(plain);
        var (encrypt, decrypt) = (Encryptor(portable), Decryptor(portable));
        var random = new Random(5);
        var encrypted = plain.ToArray();
        InPieces(encrypted, random, encrypt);
        Assert.That(encrypted, Is.EqualTo(expected));

        InPieces(encrypted, random, decrypt);
        Assert.That(encrypted, Is.EqualTo(plain));
    }

    [Test]
    public void Transform_PartOfABlock_Refused()
    {
        Assert.That(() => new AesCbcEncryptor(Key, Iv).Transform(new byte[15]), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new AesCbcDecryptor(Key, Iv).Transform(new byte[17]), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private delegate void Transform(Span<byte> blocks);

    private static Transform Encryptor(bool portable) =>
        portable ? new PortableAesCbc(Key, Iv, encrypt: true).Transform : new AesCbcEncryptor(Key, Iv).Transform;

    private static Transform Decryptor(bool portable) =>
        portable ? new PortableAesCbc(Key, Iv, encrypt: false).Transform : new AesCbcDecryptor(Key, Iv).Transform;

    private static void InPieces(byte[] buffer, Random random, Transform transform)
    {
        for (var at = 0; at < buffer.Length;)
        {
            var size = Math.Min(buffer.Length - at, 16 * random.Next(0, 30));
            transform(buffer.AsSpan(at, size));
            at += size;
        }
    }

    private static byte[] Platform(byte[] plain)
    {
        using var aes = Aes.Create();
        aes.Key = Key;
        return aes.EncryptCbc(plain, Iv, PaddingMode.None);
    }

    private static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new SeededRandom(seed).Fill(bytes);
        return bytes;
    }
}
