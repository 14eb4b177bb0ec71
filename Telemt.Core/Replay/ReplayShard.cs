namespace Telemt.Core.Replay;

/// <summary>A sixteenth of a <see cref="ReplayWindow"/>: whoever touches the rest of it holds <see cref="Lock"/>.</summary>
internal sealed class ReplayShard(int capacity)
{
    public Lock Lock { get; } = new();

    public FingerprintRing Ring { get; } = new(capacity);

    /// <summary>Age in seconds of the entry that made room last; null before any had to.</summary>
    public uint? AgeAtEviction { get; private set; }

    public static uint AgeOf(uint time, uint now) => now > time ? now - time : 0;

    public bool TryAdd(ulong print, uint time, uint now)
    {
        if (Ring.Contains(print))
        {
            return false;
        }
        if (Ring.Count == Ring.Capacity)
        {
            AgeAtEviction = AgeOf(Ring.OldestTime, now);
            Ring.RemoveOldest();
        }
        Ring.Add(print, time);
        return true;
    }
}
