namespace Telemt.Worker.Control.Status;

/// <summary>One point of the charts: what was there at its end, and means over its length.</summary>
/// <param name="Lag">Of the slowest loop, milliseconds.</param>
internal readonly record struct HistoryPoint(
    DateTimeOffset At, int Clients, int Handshakes, int Handed, double Up, double Down, double Admitted, double Refused, double Unreachable, double Lag);

/// <summary>The last hour in steps of ten seconds, in a ring that never grows. Safe for any thread.</summary>
internal sealed class HistoryRing
{
    public const int Points = 360;

    public static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly HistoryPoint[] _points = new HistoryPoint[Points];
    private StatusSample? _base;
    private long _count;

    /// <summary>Takes every sample; those that lie within a step are part of its mean.</summary>
    /// <param name="elapsed">Between two samples.</param>
    /// <returns>True when the sample ended a step.</returns>
    public bool Add(StatusSample sample, Func<StatusSample, StatusSample, TimeSpan> elapsed)
    {
        lock (_lock)
        {
            if (_base is not { } before)
            {
                _base = sample;
                return false;
            }

            var time = elapsed(before, sample);

            // A timer may be a little early; half a step is not.
            if (time < Step * 0.95)
            {
                return false;
            }

            var rates = Rates.Between(before, sample, time);
            _points[_count++ % Points] = new HistoryPoint(
                sample.At,
                sample.Clients,
                sample.Handshakes,
                sample.Handed,
                rates.Up,
                rates.Down,
                rates.Admitted,
                rates.Refused,
                rates.Unreachable,
                sample.Total.Lag.TotalMilliseconds);
            _base = sample;
            return true;
        }
    }

    /// <summary>Oldest first.</summary>
    /// <param name="last">At most so many of the newest.</param>
    public HistoryPoint[] Read(int last = Points)
    {
        lock (_lock)
        {
            var length = (int)Math.Min(Math.Min(_count, Points), last);
            var points = new HistoryPoint[length];
            for (var i = 0; i < length; i++)
            {
                points[i] = _points[(_count - length + i) % Points];
            }

            return points;
        }
    }
}
