namespace Telemt.Core.Status;

/// <summary>
/// Counts times by size: four buckets to each doubling, from a millisecond to a minute and more, so that a percentile is right within a
/// fifth. Not for several threads.
/// </summary>
internal sealed class TimeHistogram
{
    private const int PerDoubling = 4;
    private const int Buckets = (16 * PerDoubling) + 1;

    private readonly int[] _counts = new int[Buckets];

    public long Count { get; private set; }

    public void Add(long milliseconds)
    {
        _counts[BucketOf(milliseconds)]++;
        Count++;
    }

    public void Add(TimeHistogram other)
    {
        for (var i = 0; i < Buckets; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
    }

    /// <param name="part">0 to 1.</param>
    /// <returns>Milliseconds; null while nothing was counted.</returns>
    public double? Percentile(double part)
    {
        var rank = (long)Math.Ceiling(part * Count);
        for (var i = 0; i < Buckets && Count > 0; i++)
        {
            rank -= _counts[i];
            if (rank <= 0)
            {
                // The middle of the bucket, by ratio.
                return Math.Pow(2, (i + 0.5) / PerDoubling);
            }
        }

        return null;
    }

    private static int BucketOf(long milliseconds) =>
        milliseconds <= 1 ? 0 : Math.Min(Buckets - 1, (int)(Math.Log2(milliseconds) * PerDoubling));
}
