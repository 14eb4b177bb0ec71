namespace Telemt.Core.Policy;

/// <summary>
/// What bogus hellos of one source may cost. Each pays one unit for each user it was tried against; a source that has spent its budget is
/// not scanned for until some has come back, and goes to the mask host at once, as a scan would have sent it too. With few users nobody
/// ever gets there: a scan costs less than the accept. A fixed table that forgets; belongs to one loop.
/// </summary>
internal sealed class ScanBudget
{
    /// <summary>20 scans over 10,000 users: a tenth of a second of one core.</summary>
    public const int Most = 200_000;

    /// <summary>Comes back each second: one such scan, 1 % of a core.</summary>
    public const int PerSecond = 10_000;

    // A source has four places; the one that was charged least lately leaves.
    private const int Ways = 4;
    private const int Sets = 256;
    private const int SetShift = 56;
    private const int MillisecondsPerSecond = 1000;

    private Entry[]? _entries;

    /// <param name="now">Milliseconds of any steady clock.</param>
    public bool HasLeft(ulong source, long now)
    {
        if (_entries is null)
        {
            return true;
        }

        var set = SetOf(_entries, source);
        var way = WayOf(set, source);
        return way < 0 || set[way].SpentAt(now) < Most;
    }

    public void Charge(ulong source, int users, long now)
    {
        var set = SetOf(_entries ??= new Entry[Sets * Ways], source);
        var way = WayOf(set, source);
        var spent = way < 0 ? 0 : set[way].SpentAt(now);
        set[..(way < 0 ? Ways - 1 : way)].CopyTo(set[1..]);
        set[0] = new Entry(source, Math.Min(spent + users, 2L * Most), now, IsUsed: true);
    }

    private static int WayOf(Span<Entry> set, ulong source)
    {
        for (var way = 0; way < Ways; way++)
        {
            if (set[way].IsUsed && set[way].Source == source)
            {
                return way;
            }
        }

        return -1;
    }

    // Multiplied by 2^64 over the golden ratio: sources that differ in any bits spread over the sets.
    private static Span<Entry> SetOf(Entry[] entries, ulong source)
        => entries.AsSpan((int)((source * 0x9E37_79B9_7F4A_7C15) >> SetShift) * Ways, Ways);

    private readonly record struct Entry(ulong Source, long Spent, long At, bool IsUsed)
    {
        public long SpentAt(long now) => Math.Max(0, Spent - ((now - At) * PerSecond / MillisecondsPerSecond));
    }
}
