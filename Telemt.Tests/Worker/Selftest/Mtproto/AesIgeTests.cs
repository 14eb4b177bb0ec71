using Telemt.Worker.Selftest.Mtproto;

namespace Telemt.Tests.Worker.Selftest.Mtproto;

internal sealed class AesIgeTests
{
    /// <summary>By its definition, c[i] = E(p[i] ^ c[i-1]) ^ p[i-1], block by block.</summary>
    [Test]
    public void Encrypt_ThreeBlocks_AsDefined()
    {
        var (key, iv, plain) = (Bytes(32, 1), Bytes(32, 2), Bytes(48, 3));
        using var aes = System.Security.Cryptography.Aes.Create();
        aes.Key = key;
        var (c, p) = (iv[..16], iv[16..]);
        var expected = new List<byte>();
        foreach (var block in plain.Chunk(16))
        {
            c = Xor(aes.EncryptEcb(Xor(block, c), System.Security.Cryptography.PaddingMode.None), p);
            p = block;
            expected.AddRange(c);
        }

        Assert.That(AesIge.Encrypt(plain, key, iv), Is.EqualTo(expected));
        Assert.That(AesIge.Decrypt(expected.ToArray(), key, iv), Is.EqualTo(plain));
    }

    [Test]
    public void Decrypt_PartOfABlock_Refused() =>
        Assert.That(() => AesIge.Decrypt(new byte[17], new byte[32], new byte[32]), Throws.InstanceOf<InvalidDataException>());

    private static byte[] Xor(byte[] a, byte[] b) => [.. a.Select((value, i) => (byte)(value ^ b[i]))];

    private static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Fakes.SeededRandom(seed).Fill(bytes);
        return bytes;
    }
}
