using System.Text.Json;
using Telemt.Core.Crypto;
using Telemt.Core.Middle;
using Telemt.Tests.Data;

namespace Telemt.Tests.Core.Middle;

internal sealed class RpcFrameTests
{
    [TestCaseSource(typeof(MiddleVectors), nameof(MiddleVectors.Frames))]
    public void Seal_Recorded_Same(JsonElement vector)
    {
        var (body, sequence) = (vector.Hex("body"), vector.GetProperty("seq").GetInt32());
        var size = vector.GetProperty("unpadded_length").GetInt32();

        Assert.That(Seal(new RpcWriter(null, sequence), body), Is.EqualTo(vector.Hex("frame_with_cbc_padding")));
        Assert.That(Seal(new RpcWriter(null, sequence) { Crc32C = true }, body)[..size], Is.EqualTo(vector.Hex("frame_if_crc32c")));
    }

    [TestCaseSource(typeof(MiddleVectors), nameof(MiddleVectors.Frames))]
    public void Next_Recorded_GivesTheBody(JsonElement vector)
    {
        foreach (var (crc32C, name) in new[] { (false, "frame_with_cbc_padding"), (true, "frame_if_crc32c") })
        {
            var held = vector.Hex(name);
            var reader = new RpcReader(null, vector.GetProperty("seq").GetInt32()) { Crc32C = crc32C };

            Assert.That(reader.Next(held), Is.EqualTo(RpcStep.Frame));
            Assert.That(held[reader.Body], Is.EqualTo(vector.Hex("body")));
        }
    }

    [Test]
    public void Seal_EncryptedStream_AsRecorded()
    {
        var stream = Vectors.Load("middle_proxy_frames").GetProperty("encrypted_stream");
        var writer = new RpcWriter(new AesCbcEncryptor(stream.Hex("key"), stream.Hex("iv")), -1);
        foreach (var frame in stream.GetProperty("frames").EnumerateArray())
        {
            Assert.That(Seal(writer, frame.Hex("body")), Is.EqualTo(frame.Hex("cipher")));
        }
    }

    [TestCaseSource(typeof(MiddleVectors), nameof(MiddleVectors.Sessions))]
    public void Next_SessionsOfTheOfficialServer_WholeSplitAndByteByByte(JsonElement session)
    {
        foreach (var (direction, name) in new[] { ("middle->proxy", "middle_to_proxy"), ("proxy->middle", "proxy_to_middle") })
        {
            var cipher = MiddleVectors.Cipher(session, direction);
            var expected = BodiesOf(MiddleVectors.Plain(session, direction));
            Assert.That(expected, Is.Not.Empty);
            RpcReader Reader() => new(new AesCbcDecryptor(session.Hex(name + "_key"), session.Hex(name + "_iv")), -1);

            var crc32C = MiddleVectors.HasCrc32C(session);
            Assert.That(Read(Reader(), crc32C, cipher), Is.EqualTo(expected), "whole");
            Assert.That(Read(Reader(), crc32C, [.. cipher.Select(value => new[] { value })]), Is.EqualTo(expected), "byte by byte");
            for (var at = 1; at < cipher.Length; at++)
            {
                Assert.That(Read(Reader(), crc32C, cipher[..at], cipher[at..]), Is.EqualTo(expected), $"split at {at}");
            }
        }
    }

    [TestCase(0)]
    [TestCase(8)]
    [TestCase(14)]
    [TestCase(RpcFrame.MaxLength + 4)]
    [TestCase(-4)]
    [TestCase(int.MaxValue - 3)]
    public void Next_WrongLength_BrokenBeforeMoreIsWanted(int length)
    {
        var reader = new RpcReader(null, 0);

        Assert.That(reader.Next(BitConverter.GetBytes(length)), Is.EqualTo(RpcStep.Broken));
        Assert.That(reader.Fault, Is.EqualTo(MiddleFault.FrameLength));
        Assert.That(reader.Wanted, Is.Zero);
    }

    [Test]
    public void Next_WrongSequence_BrokenBeforeTheBodyIsThere()
    {
        var reader = new RpcReader(null, 5);

        Assert.That(reader.Next([0x20, 0, 0, 0, 6, 0, 0, 0]), Is.EqualTo(RpcStep.Broken));
        Assert.That(reader.Fault, Is.EqualTo(MiddleFault.Sequence));
    }

    [Test]
    public void Next_EveryBitOfAFrameTurned_NeverPasses([Values] bool crc32C)
    {
        var good = Seal(new RpcWriter(null, 0) { Crc32C = crc32C }, new byte[20])[..32];
        for (var bit = 0; bit < good.Length * 8; bit++)
        {
            var bad = good.ToArray();
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(new RpcReader(null, 0) { Crc32C = crc32C }.Next(bad), Is.Not.EqualTo(RpcStep.Frame), $"bit {bit}");
        }
    }

    [Test]
    public void Next_PaddingWordsAnywhereBetweenFrames_Skipped()
    {
        var frames = new List<byte>();
        var random = new Random(3);
        var writer = new RpcWriter(null, 0);
        for (var i = 0; i < 50; i++)
        {
            for (var words = random.Next(0, 5); words > 0; words--)
            {
                frames.AddRange([4, 0, 0, 0]);
            }

            var body = new byte[4 * random.Next(1, 20)];
            frames.AddRange(Seal(writer, body)[..(body.Length + RpcFrame.Overhead)]);
        }

        Assert.That(Read(new RpcReader(null, 0), false, [.. frames]), Has.Count.EqualTo(50));
    }

    [Test]
    public void Next_Noise_NeverThrowsAndStaysBroken()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var noise = new byte[random.Next(1, 200)];
            random.NextBytes(noise);
            if (random.Next(2) == 0)
            {
                BitConverter.TryWriteBytes(noise.AsSpan(), random.Next(0, 120));
            }

            var reader = new RpcReader(random.Next(2) == 0 ? null : new AesCbcDecryptor(new byte[32], new byte[16]), 0);
            var held = noise.AsSpan();
            for (var turns = 0; turns < 100 && reader.Next(held) == RpcStep.Frame; turns++)
            {
                held = held[reader.Consumed..];
            }

            if (reader.Fault != MiddleFault.None)
            {
                Assert.That(reader.Next(held), Is.EqualTo(RpcStep.Broken));
            }
        }
    }

    [Test]
    public void WriterAndReader_RandomFramesInRandomPieces_ComeThrough([Values] bool crc32C)
    {
        var random = new Random(11);
        var (key, iv) = (new byte[32], new byte[16]);
        random.NextBytes(key);
        var writer = new RpcWriter(new AesCbcEncryptor(key, iv), 0) { Crc32C = crc32C };
        var bodies = new List<byte[]>();
        var wire = new List<byte>();
        for (var i = 0; i < 60; i++)
        {
            var body = new byte[4 * (i % 10 == 9 ? random.Next(1, RpcFrame.MaxMessage / 4) : random.Next(1, 500))];
            random.NextBytes(body);
            bodies.Add(body);
            wire.AddRange(Seal(writer, body));
        }

        var pieces = new List<byte[]>();
        for (var at = 0; at < wire.Count;)
        {
            var size = Math.Min(wire.Count - at, random.Next(1, 40_000));
            pieces.Add([.. wire.Skip(at).Take(size)]);
            at += size;
        }

        var reader = new RpcReader(new AesCbcDecryptor(key, iv), 0) { Crc32C = crc32C };
        Assert.That(Read(reader, crc32C, [.. pieces]).SequenceEqual(bodies, ByteComparer.Instance), Is.True);
    }

    /// <summary>The handshake's frame has CRC-32 whatever comes behind it.</summary>
    private static List<byte[]> Read(RpcReader reader, bool crc32C, params byte[][] pieces)
    {
        var held = Array.Empty<byte>();
        var bodies = new List<byte[]>();
        foreach (var piece in pieces)
        {
            held = [.. held, .. piece];
            while (true)
            {
                var step = reader.Next(held);
                Assert.That(step, Is.Not.EqualTo(RpcStep.Broken), reader.Fault.ToString());
                if (step == RpcStep.Frame)
                {
                    bodies.Add(held[reader.Body]);
                    reader.Crc32C = crc32C;
                }

                held = held[reader.Consumed..];
                if (step == RpcStep.Read)
                {
                    break;
                }
            }
        }

        return bodies;
    }

    /// <summary>Cuts recorded plain text by its own lengths, without the code under test.</summary>
    private static List<byte[]> BodiesOf(byte[] plain)
    {
        var bodies = new List<byte[]>();
        for (var at = 0; at < plain.Length;)
        {
            var length = BitConverter.ToInt32(plain, at);
            if (length > 4)
            {
                bodies.Add(plain[(at + 8)..(at + length - 4)]);
            }

            at += length;
        }

        return bodies;
    }

    private static byte[] Seal(RpcWriter writer, byte[] body)
    {
        var frame = new byte[RpcWriter.SizeOf(body.Length)];
        body.CopyTo(frame, RpcFrame.HeaderSize);
        writer.Seal(frame, body.Length);
        return frame;
    }

    private sealed class ByteComparer : IEqualityComparer<byte[]>
    {
        public static readonly ByteComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => obj.Length;
    }
}
