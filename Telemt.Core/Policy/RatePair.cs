namespace Telemt.Core.Policy;

/// <summary>One rate, each way by itself.</summary>
internal sealed class RatePair
{
    /// <summary>A tenth of a second's worth may come at once: a message passes whole.</summary>
    private const long Credit = 100_000_000;

    public TokenBucket Up { get; } = new(Credit);

    public TokenBucket Down { get; } = new(Credit);

    /// <param name="rate">Bytes per second; 0 for none.</param>
    public void Set(long rate, long now)
    {
        Up.Change(rate, now);
        Down.Change(rate, now);
    }
}
