using System.Buffers.Binary;
using Telemt.Core.Crypto;

namespace Telemt.Tests.Core.Crypto;

[TestFixtureSource(typeof(AesCtrPath), nameof(AesCtrPath.Names))]
internal sealed class AesCtrTests(string path)
{
    // Big chunks are slow where AES is written out byte by byte.
    private bool IsSlow => path == "ArmInSoftware";

    [Test]
    public void Transform_NistVector_Matches()
    {
        // NIST SP 800-38A, F.5.5.
        var key = Convert.FromHexString("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
        var iv = Convert.FromHexString("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
        var data = Convert.FromHexString("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
            + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");

        AesCtrPath.Create(path, key, iv).Transform(data, data);

        Assert.That(Convert.ToHexStringLower(data), Is.EqualTo("601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
            + "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6"));
    }

    [Test]
    public void Transform_EveryLengthTo300_MatchesEcb()
    {
        var random = new Random(1);
        for (var length = 0; length <= 300; length++)
        {
            var (key, iv, data) = Draw(random, length);
            var destination = new byte[length + 1];
            destination[length] = 0x5a;

            AesCtrPath.Create(path, key, iv).Transform(data, destination);

            Assert.That(destination.AsSpan(0, length).SequenceEqual(EcbCounterOracle.Transform(key, iv, data)), $"{length} bytes");
            Assert.That(destination[length], Is.EqualTo(0x5a), "nothing is written behind the end");
        }
    }

    [Test]
    public void Transform_EverySplit_GivesTheSameStream()
    {
        var (key, iv, data) = Draw(new Random(2), 210);
        var expected = EcbCounterOracle.Transform(key, iv, data);
        for (var split = 0; split <= data.Length; split++)
        {
            var copy = data.ToArray();
            var stream = AesCtrPath.Create(path, key, iv);

            stream.Transform(copy.AsSpan(0, split), copy.AsSpan(0, split));
            stream.Transform(copy.AsSpan(split), copy.AsSpan(split));

            Assert.That(copy, Is.EqualTo(expected), $"split at {split}");
        }
    }

    [Test]
    public void Transform_RandomChunks_GiveTheSameStream()
    {
        var random = new Random(3);
        var (key, iv, data) = Draw(random, IsSlow ? 4_000 : 200_000);
        var expected = EcbCounterOracle.Transform(key, iv, data);
        var stream = AesCtrPath.Create(path, key, iv);
        for (var at = 0; at < data.Length;)
        {
            var count = Math.Min(data.Length - at, random.Next(4) == 0 ? random.Next(5_000) : random.Next(70));
            stream.Transform(data.AsSpan(at, count), data.AsSpan(at, count));
            at += count;
        }

        Assert.That(data.AsSpan().SequenceEqual(expected));
    }

    [Test]
    public void Transform_ByteByByte_GivesTheSameStream()
    {
        var (key, iv, data) = Draw(new Random(4), 100);
        var expected = EcbCounterOracle.Transform(key, iv, data);
        var stream = AesCtrPath.Create(path, key, iv);
        for (var at = 0; at < data.Length; at++)
        {
            stream.Transform(data.AsSpan(at, 1), data.AsSpan(at, 1));
        }

        Assert.That(data, Is.EqualTo(expected));
    }

    // The carry out of the lower half, and out of all 128 bits, met at each of the first 40 blocks.
    [TestCase("00112233445566770000000000000000", TestName = "Transform_CarryAcross64Bits_Matches({0})")]
    [TestCase("00000000000000000000000000000000", TestName = "Transform_CarryAcross128Bits_Matches({0})")]
    public void Transform_CounterCarries_Matches(string wrapped)
    {
        var random = new Random(5);
        for (var before = 0; before < 40; before++)
        {
            var iv = Convert.FromHexString(wrapped);
            var start = BinaryPrimitives.ReadUInt128BigEndian(iv) - (UInt128)before;
            BinaryPrimitives.WriteUInt128BigEndian(iv, start);
            var (key, _, data) = Draw(random, 40 * 16);
            var expected = EcbCounterOracle.Transform(key, iv, data);
            var stream = AesCtrPath.Create(path, key, iv);
            var split = random.Next(data.Length);

            stream.Transform(data.AsSpan(0, split), data.AsSpan(0, split));
            stream.Transform(data.AsSpan(split), data.AsSpan(split));

            Assert.That(data, Is.EqualTo(expected), $"{before} blocks before the carry");
        }
    }

    [Test]
    public void Transform_OverlapAtALowerAddress_Matches()
    {
        var random = new Random(6);
        foreach (var distance in new[] { 0, 1, 3, 5, 8, 15, 16, 17, 31, 64, 127, 128, 200 })
        {
            var (key, iv, data) = Draw(random, 500);
            var expected = EcbCounterOracle.Transform(key, iv, data);
            var buffer = new byte[distance + data.Length];
            data.CopyTo(buffer, distance);
            var stream = AesCtrPath.Create(path, key, iv);

            stream.Transform(buffer.AsSpan(distance, 7), buffer.AsSpan(0, 7));
            stream.Transform(buffer.AsSpan(distance + 7), buffer.AsSpan(7));

            Assert.That(buffer.AsSpan(0, data.Length).SequenceEqual(expected), $"distance {distance}");
        }
    }

    [Test]
    public void Transform_ManyCalls_AllocatesNothing()
    {
        var (key, iv, data) = Draw(new Random(7), 1_000);
        var stream = AesCtrPath.Create(path, key, iv);
        stream.Transform(data, data);
        stream.Transform(data.AsSpan(0, 13), data);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var length = 0; length < 300; length++)
        {
            stream.Transform(data.AsSpan(0, length), data);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    internal static (byte[] Key, byte[] Iv, byte[] Data) Draw(Random random, int length)
    {
        var (key, iv, data) = (new byte[32], new byte[16], new byte[length]);
        random.NextBytes(key);
        random.NextBytes(iv);
        random.NextBytes(data);
        return (key, iv, data);
    }
}

internal sealed class AesCtrContractTests
{
    [Test]
    public void Size_OnHostsWithAesInstructions_IsAbout300Bytes()
    {
        Assume.That(AesCtr.PathName, Is.Not.EqualTo("portable"));
        var (key, iv, _) = AesCtrTests.Draw(new Random(1), 0);
        var kept = new AesCtr[20_000];
        kept[0] = new AesCtr(key, iv);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < kept.Length; i++)
        {
            kept[i] = new AesCtr(key, iv);
        }

        Assert.That((GC.GetAllocatedBytesForCurrentThread() - before) / kept.Length, Is.LessThanOrEqualTo(304));
    }

    [Test]
    public void Transform_ShortDestination_Throws()
    {
        var stream = new AesCtr(new byte[32], new byte[16]);

        Assert.That(() => stream.Transform(new byte[17], new byte[16]), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [TestCase(31, 16)]
    [TestCase(33, 16)]
    [TestCase(32, 15)]
    [TestCase(32, 17)]
    public void Constructor_WrongSizes_Throws(int key, int iv)
        => Assert.That(() => new AesCtr(new byte[key], new byte[iv]), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
