using System.Diagnostics;
using Telemt.Core.Policy;
using Telemt.Core.Settings;
using Telemt.Worker.State;

namespace Telemt.Tests.Worker.State;

/// <summary>
/// A process that counts bytes and keeps them in a traffic log until it is killed. Each user moves one byte a step, and a user's time
/// follows from his bytes, so that whoever reads the log can tell what must be in it: months and days turn every few steps.
/// </summary>
internal sealed class TrafficWriter : IDisposable
{
    public const string Verb = "write-traffic";

    /// <summary>Their records take 50 KB: a kill tears the write of them, and the log is written anew every few steps.</summary>
    public const int Users = 300;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Process _process;

    public TrafficWriter(string path)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(TrafficWriter).Assembly.Location, Verb, path]) { RedirectStandardOutput = true };
        _process = Process.Start(start)!;
    }

    public static string NameOf(int user) => $"{user} {new string('n', 100)}";

    /// <summary>When a user moves his next byte.</summary>
    public static DateTimeOffset TimeAt(long bytes) => Start.AddHours(bytes * 7);

    /// <summary>What of so many bytes lies in the day, or month, of the last one.</summary>
    public static long UsedOf(long bytes, QuotaPeriod period)
    {
        var last = TimeAt(bytes - 1);
        var used = 0L;
        while (used < bytes && IsSame(TimeAt(bytes - 1 - used), last, period))
        {
            used++;
        }

        return used;
    }

    public static int Run(string path)
    {
        using var file = TrafficFile.TryOpen(path)!;
        var users = Enumerable.Range(0, Users).Select(_ => new UserTraffic()).ToArray();
        foreach (var record in file.Records)
        {
            users[UserOf(record)].Restore(record, TimeAt(record.Total));
        }

        using var told = Console.OpenStandardOutput();
        while (true)
        {
            file.Append([.. users.Select(Move)]);
            told.WriteByte(1);
            told.Flush();
        }

        static TrafficRecord Move(UserTraffic user, int index)
        {
            var now = TimeAt(user.Total);
            user.Add(1, now);
            return user.ToRecord(NameOf(index), now);
        }
    }

    public static int UserOf(in TrafficRecord record) =>
        int.Parse(record.Name.AsSpan(0, record.Name.IndexOf(' ')), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Lets it run so long behind its first step, or its start, and kills it.</summary>
    /// <returns>Steps that it has said to be on the disk.</returns>
    public int Kill(TimeSpan after, bool isFromStart)
    {
        var steps = isFromStart || _process.StandardOutput.BaseStream.ReadByte() < 0 ? 0 : 1;
        Thread.Sleep(after);
        _process.Kill();
        while (_process.StandardOutput.BaseStream.ReadByte() >= 0)
        {
            steps++;
        }

        _process.WaitForExit();
        return steps;
    }

    public void Dispose() => _process.Dispose();

    private static bool IsSame(DateTimeOffset one, DateTimeOffset other, QuotaPeriod period) => period switch
    {
        QuotaPeriod.Day => one.Date == other.Date,
        QuotaPeriod.Month => (one.Year, one.Month) == (other.Year, other.Month),
        _ => true,
    };
}
