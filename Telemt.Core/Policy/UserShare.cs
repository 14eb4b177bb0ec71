using System.Collections.Concurrent;

namespace Telemt.Core.Policy;

/// <summary>What the loops share of one user: his traffic each way, and the buckets of his rates.</summary>
/// <param name="loops">As many as there are.</param>
internal sealed class UserShare(string user, int loops)
{
    private readonly ConcurrentDictionary<long, RatePair> _byPolicy = new();

    public string User { get; } = user;

    public UserFlow Up { get; } = new(loops);

    public UserFlow Down { get; } = new(loops);

    /// <summary>The user's own rate; follows edits.</summary>
    public RatePair Own { get; } = new();

    /// <summary>The buckets of a policy's rate: his sessions with the same one share it. As many as the file has rates.</summary>
    /// <param name="rate">Bytes per second.</param>
    public RatePair ByPolicy(long rate) => _byPolicy.GetOrAdd(rate, static rate =>
    {
        var pair = new RatePair();
        pair.Set(rate, now: 0);
        return pair;
    });

    /// <summary>The host's levels have changed.</summary>
    public void Follow(HostShare up, HostShare down, long now)
    {
        Up.Follow(up, now);
        Down.Follow(down, now);
    }
}
