using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Telemt.Core.Wire;
using Telemt.Tests.Data;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Core.Wire;

public sealed class HelloFrameTests
{
    private static readonly byte[] Hello = new TestHello().Build();

    internal static IEnumerable<TestCaseData> Fragmented()
        => Vectors.Load("faketls_client_hello").GetProperty("fragmented").GetProperty("vectors").EnumerateArray()
            .Select(vector => new TestCaseData(vector).SetName($"Join({vector.GetProperty("name").GetString()})"));

    [TestCaseSource(nameof(Fragmented))]
    public void Join_RecordedFragments_GiveTheClientsRecord(JsonElement vector)
    {
        var wire = vector.Hex("wire");
        var whole = Vectors.Load("faketls_client_hello").GetProperty("accepted")[0].Hex("client_hello");

        var frame = HelloFrame.Scan(wire);

        Assert.Multiple(() =>
        {
            Assert.That(frame.Status, Is.EqualTo(HelloStatus.Complete));
            Assert.That(frame.Records, Is.EqualTo(vector.GetProperty("record_payload_lengths").GetArrayLength()));
            Assert.That(frame.WireLength, Is.EqualTo(wire.Length));
            Assert.That(frame.Join(wire), Is.EqualTo(whole));
        });
    }

    [Test]
    public void Scan_EveryPrefix_NeedsNoMoreThanIsMissing()
    {
        foreach (var wire in (byte[][])[Hello, TestHello.Cut(Hello, 1, 1, 1, 1, 1), TestHello.Cut(Hello, 700, 700)])
        {
            for (var length = 0; length < wire.Length; length++)
            {
                var frame = HelloFrame.Scan(wire.AsSpan(0, length));
                Assert.That(frame.Status, Is.EqualTo(HelloStatus.NeedMore), $"{length} bytes");
                Assert.That(frame.Needed, Is.InRange(1, wire.Length - length), $"{length} bytes");
            }

            Assert.That(HelloFrame.Scan(wire).Status, Is.EqualTo(HelloStatus.Complete));
        }
    }

    [Test]
    public void Scan_BytesBehind_ChangeNothing()
    {
        var frame = HelloFrame.Scan([.. Hello, 0x16, 3, 1]);
        Assert.Multiple(() =>
        {
            Assert.That(frame.Status, Is.EqualTo(HelloStatus.Complete));
            Assert.That(frame.WireLength, Is.EqualTo(Hello.Length));
        });
    }

    [Test]
    public void Scan_SixteenRecords_AreJoinedAndOneMoreIsRefused()
    {
        var sixteen = TestHello.Cut(Hello, [.. Enumerable.Repeat(2, 15)]);
        var seventeen = TestHello.Cut(Hello, [.. Enumerable.Repeat(2, 16)]);
        Assert.Multiple(() =>
        {
            Assert.That(HelloFrame.Scan(sixteen).Join(sixteen), Is.EqualTo(Hello));
            Assert.That(HelloFrame.Scan(seventeen).Status, Is.EqualTo(HelloStatus.Malformed));
        });
    }

    [Test]
    public void Scan_LongestHello_IsCompleteAndOneByteMoreIsNot()
    {
        Assert.Multiple(() =>
        {
            Assert.That(HelloFrame.Scan(new TestHello().PaddedTo(16_389).Build()).Status, Is.EqualTo(HelloStatus.Complete));
            Assert.That(HelloFrame.Scan(new TestHello().PaddedTo(16_390).Build()).Status, Is.EqualTo(HelloStatus.Malformed));
        });
    }

    /// <summary>A lie must show without the bytes that it promises: the mask waits for nothing.</summary>
    [TestCase("15", TestName = "Scan(alert)")]
    [TestCase("1602", TestName = "Scan(major version)")]
    [TestCase("160302", TestName = "Scan(minor version)")]
    [TestCase("1603010000", TestName = "Scan(empty record)")]
    [TestCase("1603014001", TestName = "Scan(record too long)")]
    [TestCase("160301020002", TestName = "Scan(other message)")]
    [TestCase("1603010200010001fb", TestName = "Scan(message shorter than its record)")]
    [TestCase("160301020001003ffd", TestName = "Scan(message too long)")]
    [TestCase("1603010001011603010200ff0001", TestName = "Scan(message too long, cut)")]
    public void Scan_Lie_IsMalformedAtOnce(string hex)
        => Assert.That(HelloFrame.Scan(Convert.FromHexString(hex)).Status, Is.EqualTo(HelloStatus.Malformed));

    [Test]
    public void Join_AnyCut_GivesTheSameRecord()
        => Prop.ForAll(
            ArbMap.Default.ArbFor<PositiveInt[]>(),
            cuts =>
            {
                var wire = TestHello.Cut(Hello, [.. cuts.Select(cut => (cut.Get * 37 % 300) + 1).Take(15)]);
                var frame = HelloFrame.Scan(wire);
                return frame.Status == HelloStatus.Complete && frame.Join(wire).AsSpan().SequenceEqual(Hello);
            }).QuickCheckThrowOnFailure();

    [Test]
    public void Scan_RandomBytes_NeverThrowsAndOnceMalformedStaysSo()
    {
        var random = new Random(5);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = Fuzz(random);
            var wasMalformed = false;
            for (var length = 0; length <= bytes.Length; length += 1 + random.Next(7))
            {
                var frame = HelloFrame.Scan(bytes.AsSpan(0, length));
                Assert.That(wasMalformed && frame.Status != HelloStatus.Malformed, Is.False);
                wasMalformed = frame.Status == HelloStatus.Malformed;
            }
        }
    }

    private static byte[] Fuzz(Random random)
    {
        var bytes = new byte[random.Next(64)];
        random.NextBytes(bytes);
        byte[] likely = [0x16, 3, 1, 0, (byte)random.Next(30), 1, 0, 0, (byte)random.Next(60)];
        for (var at = 0; at < bytes.Length; at += 5 + likely[4])
        {
            likely.AsSpan(0, Math.Min(random.Next(1, likely.Length), bytes.Length - at)).CopyTo(bytes.AsSpan(at));
        }

        return bytes;
    }
}
