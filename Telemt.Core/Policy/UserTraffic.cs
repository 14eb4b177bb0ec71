using Telemt.Core.Settings;

namespace Telemt.Core.Policy;

/// <summary>
/// The bytes of one user, both directions, and how many of them lie in the present day and month (UTC). Safe for any thread; adding
/// takes no lock.
/// </summary>
internal sealed class UserTraffic
{
    private const int MonthsOfAYear = 12;

    private readonly Lock _lock = new();
    private long _total;
    private long _restored;
    private Marks _marks = new(0, 0, 0, 0, 0);

    /// <summary>Ever, in this process and those before it.</summary>
    public long Total => Interlocked.Read(ref _total);

    /// <param name="now">Opens a new day or month if it is one.</param>
    public void Add(long bytes, DateTimeOffset now)
    {
        // The marks first: what arrives in a new month belongs to it.
        MarksAt(now);
        Interlocked.Add(ref _total, bytes);
    }

    /// <summary>Bytes of the present period.</summary>
    public long Used(QuotaPeriod period, DateTimeOffset now)
    {
        var marks = MarksAt(now);
        return Total - period switch
        {
            QuotaPeriod.Day => marks.DayMark,
            QuotaPeriod.Month => marks.MonthMark,
            _ => marks.TotalMark,
        };
    }

    /// <summary>When the period ends and counting begins anew; null for one that never does.</summary>
    public static DateTimeOffset? ResetAt(QuotaPeriod period, DateTimeOffset now)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        return period switch
        {
            QuotaPeriod.Day => today.AddDays(1),
            QuotaPeriod.Month => today.AddDays(1 - today.Day).AddMonths(1),
            _ => null,
        };
    }

    /// <summary>The operator's wish: every period counts from here.</summary>
    public void Reset(DateTimeOffset now)
    {
        lock (_lock)
        {
            var total = Total;
            _marks = MarksAt(now) with { DayMark = total, MonthMark = total, TotalMark = total };
        }
    }

    public TrafficRecord ToRecord(string name, DateTimeOffset now)
    {
        var marks = MarksAt(now);
        return new TrafficRecord(name, Total, marks.DayMark, marks.MonthMark, marks.TotalMark, marks.Day, marks.Month);
    }

    /// <summary>
    /// What a process before this one has counted; again and again while it still counts, since a restart lets its sessions finish. What
    /// was counted here meanwhile comes on top, in the present day and month.
    /// </summary>
    public void Restore(in TrafficRecord record, DateTimeOffset now)
    {
        lock (_lock)
        {
            var marks = new Marks(record.DayMark, record.MonthMark, record.TotalMark, record.Day, record.Month);
            _marks = marks.TurnTo(DayOf(now), MonthOf(now), record.Total);
            Interlocked.Add(ref _total, record.Total - _restored);
            _restored = record.Total;
        }
    }

    private Marks MarksAt(DateTimeOffset now)
    {
        var day = DayOf(now);
        var marks = Volatile.Read(ref _marks);
        if (marks.Day == day)
        {
            return marks;
        }

        lock (_lock)
        {
            return _marks = _marks.TurnTo(day, MonthOf(now), Total);
        }
    }

    private static int DayOf(DateTimeOffset now) => (int)(now.UtcDateTime.Ticks / TimeSpan.TicksPerDay);

    private static int MonthOf(DateTimeOffset now) => (now.UtcDateTime.Year * MonthsOfAYear) + now.UtcDateTime.Month;

    private sealed record Marks(long DayMark, long MonthMark, long TotalMark, int Day, int Month)
    {
        /// <summary>
        /// A clock that is set back opens no period, or a user would get it twice: what was used stays counted in the one that is older.
        /// </summary>
        public Marks TurnTo(int day, int month, long total) => Day == day ? this : this with
        {
            DayMark = day > Day ? total : DayMark,
            MonthMark = month > Month ? total : MonthMark,
            Day = day,
            Month = month,
        };
    }
}
