namespace Telemt.Core.Routing;

/// <summary>The last connect times of one way: their moving average for choices, their percentiles for people. Safe for any thread.</summary>
internal sealed class LatencyTrack
{
    private const int Kept = 128;
    private const double NewShare = 0.2;

    private readonly Lock _lock = new();
    private readonly float[] _milliseconds = new float[Kept];
    private long _count;
    private double _average;

    /// <summary>Milliseconds; 0 while nothing was measured.</summary>
    public double Average => Volatile.Read(ref _average);

    public void Add(TimeSpan time)
    {
        var milliseconds = Math.Max(time.TotalMilliseconds, 0.001);
        lock (_lock)
        {
            _milliseconds[_count++ % Kept] = (float)milliseconds;
            Volatile.Write(ref _average, _average == 0 ? milliseconds : _average + (NewShare * (milliseconds - _average)));
        }
    }

    /// <summary>Of the last 128 times; null before the first.</summary>
    public LatencyPercentiles? Percentiles()
    {
        float[] sorted;
        lock (_lock)
        {
            sorted = _milliseconds[..(int)Math.Min(_count, Kept)];
        }

        if (sorted.Length == 0)
        {
            return null;
        }

        Array.Sort(sorted);
        return new LatencyPercentiles(At(0.5), At(0.9), At(0.99), Average);

        double At(double part) => sorted[(int)Math.Ceiling(part * sorted.Length) - 1];
    }
}
