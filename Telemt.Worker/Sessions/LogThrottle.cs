namespace Telemt.Worker.Sessions;

/// <summary>Lets one message of a kind through every ten seconds, whatever the number of sessions that meet the same trouble.</summary>
internal sealed class LogThrottle(TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private long _last;
    private long _held;

    /// <param name="held">Messages of the kind that were held back since the last one.</param>
    public bool TryPass(out long held)
    {
        var now = clock.GetTimestamp();
        var last = Volatile.Read(ref _last);
        if ((last != 0 && clock.GetElapsedTime(last, now) < Pause) || Interlocked.CompareExchange(ref _last, now, last) != last)
        {
            Interlocked.Increment(ref _held);
            held = 0;
            return false;
        }

        held = Interlocked.Exchange(ref _held, 0);
        return true;
    }
}
