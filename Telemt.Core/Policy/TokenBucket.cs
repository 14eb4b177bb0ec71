namespace Telemt.Core.Policy;

/// <summary>
/// A rate that several loops draw on without a lock: one number, the time until which what was taken is paid for. Whoever may read takes
/// first and is told to wait afterwards, so a chunk is never split and never too large to pass. Times are nanoseconds of one clock.
/// </summary>
/// <param name="credit">Nanoseconds' worth that an idle bucket saves up: a burst passes at once, a late timer loses nothing.</param>
internal sealed class TokenBucket(long credit)
{
    private const double Second = 1e9;

    /// <summary>A taker comes about once in this time, so that others on the link get theirs in between.</summary>
    private const int TurnsPerSecond = 1000;

    private long _paidUntil = long.MinValue / 2;
    private long _rate;

    /// <summary>Bytes per second; 0 is without limit. Readable from any thread.</summary>
    public long Rate => Volatile.Read(ref _rate);

    /// <summary>From any thread. What is owed stays owed in bytes.</summary>
    public void Change(long rate, long now)
    {
        var before = Rate;
        if (rate == before)
        {
            return;
        }

        var paidUntil = Volatile.Read(ref _paidUntil);
        if (paidUntil > now)
        {
            var owed = before == 0 || rate == 0 ? 0 : (long)((paidUntil - now) * ((double)before / rate));
            _ = Interlocked.CompareExchange(ref _paidUntil, now + owed, paidUntil);
        }

        Volatile.Write(ref _rate, rate);
    }

    /// <summary>Nanoseconds until something may be taken; 0 or less is now.</summary>
    public long Wait(long now) => Rate == 0 ? 0 : Volatile.Read(ref _paidUntil) - now;

    /// <summary>Bytes to take at a time.</summary>
    public int Portion(int least, int most)
    {
        var rate = Rate;
        return rate == 0 ? most : (int)Math.Clamp(rate / TurnsPerSecond, least, most);
    }

    public void Take(long now, int bytes)
    {
        var rate = Rate;
        if (rate == 0)
        {
            return;
        }

        var price = (long)(bytes * Second / rate);
        var before = Volatile.Read(ref _paidUntil);
        while (true)
        {
            var after = Math.Max(before, now - credit) + price;
            var seen = Interlocked.CompareExchange(ref _paidUntil, after, before);
            if (seen == before)
            {
                return;
            }

            before = seen;
        }
    }
}
