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

    /// <summary>What a process before this one had counted. What was counted here meanwhile comes on top.</summary>
    public void Restore(in TrafficRecord record)
    {
        lock (_lock)
        {
            Interlocked.Add(ref _total, record.Total);
            _marks = new Marks(record.DayMark, record.MonthMark, record.TotalMark, record.Day, record.Month);
        }
    }

    private Marks MarksAt(DateTimeOffset now)
    {
        var day = (int)(now.UtcDateTime.Ticks / TimeSpan.TicksPerDay);
        var marks = Volatile.Read(ref _marks);
        return marks.Day == day ? marks : Turn(day, (now.UtcDateTime.Year * MonthsOfAYear) + now.UtcDateTime.Month);
    }

    /// <summary>
    /// A clock that is set back opens no period, or a user would get it twice: what was used stays counted in the one that is older.
    /// </summary>
    private Marks Turn(int day, int month)
    {
        lock (_lock)
        {
            var marks = _marks;
            if (marks.Day != day)
            {
                var total = Total;
                _marks = marks = marks with
                {
                    DayMark = day > marks.Day ? total : marks.DayMark,
                    MonthMark = month > marks.Month ? total : marks.MonthMark,
                    Day = day,
                    Month = month,
                };
            }

            return marks;
        }
    }

    private sealed record Marks(long DayMark, long MonthMark, long TotalMark, int Day, int Month);
}
