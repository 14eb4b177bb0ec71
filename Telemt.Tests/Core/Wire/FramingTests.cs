using System.Buffers;
using System.Text.Json;
using Telemt.Core.Wire;
using Telemt.Tests.Data;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Core.Wire;

internal sealed class FramingTests
{
    public static readonly ProtocolTag[] Tags = [ProtocolTag.Abridged, ProtocolTag.Intermediate, ProtocolTag.PaddedIntermediate];

    public static IEnumerable<JsonElement> Lengths() => Vectors.Load("framing").GetProperty("lengths").EnumerateArray();

    public static IEnumerable<JsonElement> Malformed() => Vectors.Load("framing").GetProperty("malformed").EnumerateArray();

    public static IEnumerable<JsonElement> Acks() => Vectors.Load("framing").GetProperty("quick_ack_to_client").EnumerateArray();

    [TestCaseSource(nameof(Lengths))]
    public void Write_RecordedLengths_RecordedHeaders(JsonElement vector)
    {
        var payload = new byte[vector.GetProperty("payload").GetProperty("length").GetInt32()];
        new SeededRandom(1).Fill(payload);
        foreach (var (framing, name) in new (Framing, string)[] { (Abridged.Instance, "abridged"), (Intermediate.Instance, "intermediate") })
        {
            foreach (var quickAck in new[] { false, true })
            {
                var header = vector.Hex(name + "_header" + (quickAck ? "_quick_ack" : ""));
                var frame = Write(framing, payload, quickAck);

                Assert.That(frame, Is.EqualTo((byte[])[.. header, .. payload]));
                Assert.That(framing.ReadHeader(frame, out var read), Is.EqualTo(OperationStatus.Done));
                Assert.That(read, Is.EqualTo(new FrameHeader(header.Length, payload.Length, 0, quickAck)));
            }
        }
    }

    [Test]
    public void Reader_RecordedPaddedFrames_StripsWhatIsNoWholeWord()
    {
        foreach (var vector in Vectors.Load("framing").GetProperty("padded_decode").EnumerateArray())
        {
            var reader = new FrameReader(PaddedIntermediate.Instance, FrameSource.Client);
            ReadOnlySpan<byte> wire = vector.Hex("wire");

            Assert.That(reader.Step(ref wire), Is.EqualTo(FrameStep.Frame));
            Assert.That(reader.Payload.ToArray(), Is.EqualTo(vector.Hex("decoded_by_proxies")));
        }
    }

    [TestCaseSource(nameof(Malformed))]
    public void Reader_Malformed_Invalid(JsonElement vector)
    {
        var framing = vector.GetProperty("framing").GetString() == "abridged" ? (Framing)Abridged.Instance : Intermediate.Instance;
        var reader = new FrameReader(framing, FrameSource.Client, maxLength: 262144 * 4 - 4096);
        ReadOnlySpan<byte> wire = vector.Hex("wire");

        Assert.That(reader.Step(ref wire), Is.EqualTo(FrameStep.Invalid));
        Assert.That(reader.Step(ref wire), Is.EqualTo(FrameStep.Invalid));
    }

    [TestCaseSource(nameof(Acks))]
    public void QuickAck_Recorded_WrittenAndReadBack(JsonElement vector)
    {
        var framing = Framing.For(vector.GetProperty("framing").GetString() switch
        {
            "abridged" => ProtocolTag.Abridged,
            "intermediate" => ProtocolTag.Intermediate,
            _ => ProtocolTag.PaddedIntermediate,
        });
        var token = vector.Hex("confirm_bytes_from_middle_proxy");
        var written = new byte[4];
        framing.WriteQuickAck(token, written);
        var stream = (byte[])[.. Write(framing, new byte[8]), .. written, .. Write(framing, new byte[4])];

        Assert.That(written, Is.EqualTo(vector.Hex("bytes_to_client")));
        Assert.That(ReadAll(framing, FrameSource.Server, stream), Is.EqualTo(ReadByteByByte(framing, FrameSource.Server, stream)));
        Assert.That(ReadAll(framing, FrameSource.Server, stream)[1], Is.EqualTo("QuickAck " + Convert.ToHexString(token)));
    }

    [Test]
    public void Write_Padded_AddsUpTo15RandomBytes()
    {
        var random = new SeededRandom(3);
        var lengths = new HashSet<int>();
        var buffer = new byte[8 + Framing.MaxOverhead];
        for (var i = 0; i < 500; i++)
        {
            var length = PaddedIntermediate.Instance.Write(new byte[8], false, random, buffer);
            Assert.That(PaddedIntermediate.Instance.ReadHeader(buffer, out var header), Is.EqualTo(OperationStatus.Done));
            Assert.That(header.Size + header.Length, Is.EqualTo(length));
            lengths.Add(header.Length);
        }

        Assert.That(lengths, Is.EquivalentTo(Enumerable.Range(8, 16)));
    }

    [TestCase(0)]
    [TestCase(5)]
    [TestCase(1 << 24)]
    public void Write_LengthThatNoFrameHas_Throws(int length)
    {
        foreach (var tag in Tags)
        {
            Assert.That(() => Write(Framing.For(tag), new byte[length]), Throws.InstanceOf<ArgumentOutOfRangeException>());
        }
    }

    [TestCaseSource(nameof(Tags))]
    public void Reader_WholeSplitOrByteByByte_SameFrames(ProtocolTag tag)
    {
        var framing = Framing.For(tag);
        var stream = Stream(framing, new SeededRandom(5), 4, 40, 504, 508, 1028, 8);
        var whole = ReadAll(framing, FrameSource.Client, stream);

        Assert.That(whole, Has.Count.EqualTo(6));
        Assert.That(ReadByteByByte(framing, FrameSource.Client, stream), Is.EqualTo(whole));
        for (var at = 0; at <= stream.Length; at++)
        {
            Assert.That(ReadAll(framing, FrameSource.Client, stream[..at], stream[at..]), Is.EqualTo(whole), $"split at {at}");
        }
    }

    [TestCaseSource(nameof(Tags))]
    public void Reader_LongestFrame_PassesAndOneWordMoreDoesNot(ProtocolTag tag)
    {
        var framing = Framing.For(tag);
        var buffer = new byte[2048];

        int Frame(int length) => tag == ProtocolTag.PaddedIntermediate
            ? PaddedIntermediate.Write(new byte[length], false, 0, new SeededRandom(1), buffer)
            : framing.Write(new byte[length], false, new SeededRandom(1), buffer);

        Assert.That(Step(framing, buffer.AsSpan(0, Frame(1024)), 1024), Is.EqualTo(FrameStep.Frame));
        Assert.That(Step(framing, buffer.AsSpan(0, Frame(1028)), 1024), Is.EqualTo(FrameStep.Invalid));
    }

    [Test]
    public void Reader_HugePromise_HoldsOnlyWhatArrived()
    {
        var reader = new FrameReader(Intermediate.Instance, FrameSource.Client, int.MaxValue);
        ReadOnlySpan<byte> wire = [0xfc, 0xff, 0xff, 0x3f, 1, 2, 3];
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.That(reader.Step(ref wire), Is.EqualTo(FrameStep.Read));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(10_000));
    }

    [TestCaseSource(nameof(Tags))]
    public void Reader_RandomBytes_NeverThrowsAndEndsTheSameInAnyPieces(ProtocolTag tag)
    {
        var framing = Framing.For(tag);
        var random = new Random(6);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            for (var j = 0; j + 3 < bytes.Length && tag != ProtocolTag.Abridged; j += random.Next(4, 20))
            {
                bytes[j + 1] = bytes[j + 2] = bytes[j + 3] = 0;
            }

            var source = random.Next(2) == 0 ? FrameSource.Client : FrameSource.Server;
            var at = random.Next(bytes.Length + 1);
            var whole = ReadAll(framing, source, bytes);

            Assert.That(ReadByteByByte(framing, source, bytes), Is.EqualTo(whole));
            Assert.That(ReadAll(framing, source, bytes[..at], bytes[at..]), Is.EqualTo(whole));
        }
    }

    internal static byte[] Write(Framing framing, ReadOnlySpan<byte> payload, bool quickAck = false)
    {
        var buffer = new byte[payload.Length + Framing.MaxOverhead];
        return buffer[..framing.Write(payload, quickAck, new SeededRandom(2), buffer)];
    }

    private static byte[] Stream(Framing framing, SeededRandom random, params int[] lengths) =>
        [.. lengths.SelectMany((length, i) =>
        {
            var payload = new byte[length];
            random.Fill(payload);
            return Write(framing, payload, quickAck: i % 2 == 1);
        })];

    private static FrameStep Step(Framing framing, ReadOnlySpan<byte> wire, int maxLength) =>
        new FrameReader(framing, FrameSource.Client, maxLength).Step(ref wire);

    private static List<string> ReadByteByByte(Framing framing, FrameSource source, byte[] bytes) =>
        ReadAll(framing, source, [.. bytes.Select(b => new[] { b })]);

    private static List<string> ReadAll(Framing framing, FrameSource source, params byte[][] pieces)
    {
        var reader = new FrameReader(framing, source);
        var seen = new List<string>();
        foreach (var piece in pieces)
        {
            ReadOnlySpan<byte> input = piece;
            while (reader.Step(ref input) is var step && step != FrameStep.Read)
            {
                if (step == FrameStep.Invalid)
                {
                    seen.Add("Invalid");
                    return seen;
                }

                seen.Add($"{step}{(reader.QuickAck ? "!" : "")} {Convert.ToHexString(reader.Payload)}");
            }

            Assert.That(input.Length, Is.Zero);
        }

        return seen;
    }
}
