using Telemt.Core.Policy;
using Telemt.Core.Settings;
using Telemt.Tests.Fakes;
using Telemt.Worker.State;

namespace Telemt.Tests.Worker.State;

internal sealed class TrafficFileTests
{
    private TempFolder _folder = null!;

    private string Log => _folder["traffic.log"];

    [SetUp]
    public void MakeFolder() => _folder = new TempFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void Records_Appended_AreThereAgainTheLastOfEachName()
    {
        using (var file = TrafficFile.TryOpen(Log)!)
        {
            file.Append([Record("alice", 1), Record("boris", 2)]);
            file.Append([Record("alice", 3)]);
        }

        using var again = TrafficFile.TryOpen(Log)!;
        Assert.That(again.Records, Is.EquivalentTo(new[] { Record("alice", 3), Record("boris", 2) }));
        Assert.That(again.Torn, Is.Zero);
    }

    [Test]
    public void Open_CutAtAnyByte_KeepsWhatIsWholeAndGoesOn()
    {
        using (var file = TrafficFile.TryOpen(Log)!)
        {
            file.Append([Record("alice", 1)]);
            file.Append([Record("alice", 2)]);
        }

        var whole = File.ReadAllBytes(Log);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Log, whole[..length]);
            using (var file = TrafficFile.TryOpen(Log)!)
            {
                var first = TrafficLog.Header.Length + TrafficLog.SizeOf(Record("alice", 1));
                Assert.That(file.Records.Select(record => record.Total), Is.EqualTo(length < first ? Array.Empty<long>() : [1L]), $"{length} bytes");
                file.Append([Record("alice", 5)]);
            }

            Assert.That(TrafficFile.Read(Log), Is.EqualTo(new[] { Record("alice", 5) }), $"after {length} bytes");
        }
    }

    /// <summary>After a restart the old process finishes its sessions beside the new one.</summary>
    [Test]
    public void Open_WhileAnotherHasIt_IsNullAndItsRecordsAreRead()
    {
        using (var file = TrafficFile.TryOpen(Log)!)
        {
            file.Append([Record("alice", 1)]);
            Assert.That(TrafficFile.TryOpen(Log), Is.Null);
            Assert.That(TrafficFile.Read(Log), Is.EqualTo(new[] { Record("alice", 1) }));
        }

        using var again = TrafficFile.TryOpen(Log);
        Assert.That(again, Is.Not.Null);
    }

    [Test]
    public void Append_ForLong_KeepsTheFileSmall()
    {
        using (var file = TrafficFile.TryOpen(Log)!)
        {
            for (var i = 0; i < 2_000; i++)
            {
                file.Append([Record("alice", i), Record("boris", 2 * i)]);
            }
        }

        Assert.That(new FileInfo(Log).Length, Is.LessThan(66_000));
        Assert.That(TrafficFile.Read(Log), Is.EquivalentTo(new[] { Record("alice", 1_999), Record("boris", 3_998) }));
    }

    /// <summary>A power cut between the new file's writing and its renaming.</summary>
    [Test]
    public void Open_BesideAHalfWrittenNewFile_UsesTheOldOne()
    {
        using (var file = TrafficFile.TryOpen(Log)!)
        {
            file.Append([Record("alice", 1)]);
        }

        File.WriteAllBytes(TrafficFile.TemporaryOf(Log), File.ReadAllBytes(Log)[..20]);
        using var again = TrafficFile.TryOpen(Log)!;
        Assert.That(again.Records, Is.EqualTo(new[] { Record("alice", 1) }));
    }

    /// <summary>Whatever was told to be on the disk is there, one step more at most, and every day and month is what it must be.</summary>
    [TestCase(15)]
    [TestCase(1_000, Category = "Long")]
    public void Writer_KilledAtRandom_LosesAndDoublesNothing(int kills)
    {
        var random = new Random(1);
        var totals = new long[TrafficWriter.Users];
        var (steps, torn) = (0, 0);
        for (var kill = 0; kill < kills; kill++)
        {
            using (var writer = new TrafficWriter(Log))
            {
                var isFromStart = random.Next(4) == 0;
                var told = writer.Kill(TimeSpan.FromMilliseconds(random.Next(isFromStart ? 150 : 30)), isFromStart);
                steps += told;
                foreach (var record in File.Exists(Log) ? TrafficFile.Read(Log) : [])
                {
                    CheckRecord(record, ref totals[TrafficWriter.UserOf(record)], told);
                }
            }

            torn += totals.Distinct().Count() > 1 ? 1 : 0;
        }

        TestContext.Out.WriteLine($"{kills} kills, {steps} steps of {TrafficWriter.Users} records, writes torn so far that users differ: {torn}");
        Assert.That(steps, Is.GreaterThan(kills));
        Assert.That(TrafficFile.Read(Log), Has.Count.EqualTo(TrafficWriter.Users));

        static void CheckRecord(in TrafficRecord record, ref long total, int told)
        {
            Assert.That(record.Total, Is.InRange(total + told, total + told + 1));
            total = record.Total;
            var traffic = new UserTraffic();
            var now = TrafficWriter.TimeAt(total - 1);
            traffic.Restore(record, now);
            foreach (var period in Enum.GetValues<QuotaPeriod>())
            {
                Assert.That(traffic.Used(period, now), Is.EqualTo(TrafficWriter.UsedOf(total, period)), $"{period} of {total}");
            }
        }
    }

    private static TrafficRecord Record(string name, long total) => new(name, total, 0, 0, 0, 1, 1);
}
