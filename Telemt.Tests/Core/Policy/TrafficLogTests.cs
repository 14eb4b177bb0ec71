using System.Buffers;
using Telemt.Core.Policy;

namespace Telemt.Tests.Core.Policy;

internal sealed class TrafficLogTests
{
    private static readonly TrafficRecord[] Records =
    [
        new("alice", 1, 2, 3, 4, 5, 6),
        new("b", long.MaxValue, 0, long.MaxValue, 0, int.MaxValue, int.MaxValue),
        new("ключ пользователя", 7, 7, 7, 7, 7, 7),
        new(new string('я', 64), 8, 8, 8, 8, 8, 8),
    ];

    [Test]
    public void Records_Written_AreReadAgain() => Assert.That(Read(Written()), Is.EqualTo(Records));

    [Test]
    public void Log_CutAtAnyByte_GivesTheWholeRecordsBeforeIt()
    {
        var bytes = Written();
        var whole = 0;
        var end = 0;
        for (var length = 0; length <= bytes.Length; length++)
        {
            if (whole < Records.Length && length == end + TrafficLog.SizeOf(Records[whole]))
            {
                end = length;
                whole++;
            }

            Assert.That(Read(bytes.AsSpan(0, length)), Is.EqualTo(Records[..whole]), $"{length} bytes");
        }
    }

    /// <summary>After a power cut a file system may show what was never written: zeros, or what lay there before.</summary>
    [TestCase(0)]
    [TestCase(0xff)]
    public void Log_TailOfOtherBytes_EndsThere(byte other)
    {
        var bytes = Written();
        for (var length = 0; length < bytes.Length; length++)
        {
            var torn = bytes.ToArray();
            torn.AsSpan(length).Fill(other);
            var read = Read(torn);
            Assert.That(read, Is.EqualTo(Records[..read.Count]), $"{length} bytes");
            Assert.That(read, Has.Count.LessThan(Records.Length));
        }
    }

    [Test]
    public void Log_AnyBitChanged_NeverGivesARecordThatNobodyWrote()
    {
        var bytes = Written();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            var read = Read(bytes);
            Assert.That(read, Is.EqualTo(Records[..read.Count]), $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Test]
    public void Log_RandomBytes_NeverThrows()
    {
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(300)];
            random.NextBytes(bytes);
            if (bytes.Length > 1)
            {
                bytes[1] = 0;
            }

            Assert.That(Read(bytes), Is.Empty);
        }
    }

    private static byte[] Written()
    {
        var log = new ArrayBufferWriter<byte>();
        foreach (var record in Records)
        {
            TrafficLog.Append(log, record);
        }

        return log.WrittenSpan.ToArray();
    }

    private static List<TrafficRecord> Read(ReadOnlySpan<byte> log)
    {
        var records = new List<TrafficRecord>();
        while (TrafficLog.TryRead(ref log, out var record))
        {
            records.Add(record);
        }

        return records;
    }
}
