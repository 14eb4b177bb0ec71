using Telemt.Core.Gate;
using Telemt.Core.Settings;

namespace Telemt.Core.Policy;

/// <summary>
/// What one user holds now, and has used: sessions, addresses, bytes. By name, so that it outlives an edit of the user. Safe for any
/// thread; the lock is for coming and going.
/// </summary>
internal sealed class UserAccount(string name, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly AddressWindow _addresses = new();
    private int _sessions;
    private int _spentTold;

    public string Name { get; } = name;

    public UserTraffic Traffic { get; } = new();

    public int Sessions => Volatile.Read(ref _sessions);

    /// <summary>Takes a place for one session, or says why there is none. Exact whatever loops ask at once.</summary>
    public Refusal Enter(UserSettings user, ClientAddress source)
    {
        if (HasSpent(user))
        {
            return Refusal.UserQuota;
        }

        lock (_lock)
        {
            if (_sessions >= user.MaxConnections)
            {
                return Refusal.UserConnections;
            }

            // The peer of a unix socket is no address that could be counted.
            if (source.IsKnown && !_addresses.TryEnter(source.SourceKey, user.MaxIps, Milliseconds(user.IpWindow), Now()))
            {
                return Refusal.UserAddresses;
            }

            _sessions++;
            _spentTold = 0;
            return Refusal.None;
        }
    }

    public void Leave(ClientAddress source)
    {
        lock (_lock)
        {
            _sessions--;
            if (source.IsKnown)
            {
                _addresses.Leave(source.SourceKey, Now());
            }
        }
    }

    /// <summary>Addresses with sessions, and those whose last one ended within the window.</summary>
    public int CountAddresses(TimeSpan? window)
    {
        lock (_lock)
        {
            return _addresses.Count(Milliseconds(window), Now());
        }
    }

    public bool HasSpent(UserSettings user) =>
        user.Quota is { } quota && Traffic.Used(user.QuotaPeriod, clock.GetUtcNow()) >= quota;

    /// <summary>Bytes until the quota is spent; null without one. Negative when it is.</summary>
    public long? Left(UserSettings user) => user.Quota is { } quota ? quota - Traffic.Used(user.QuotaPeriod, clock.GetUtcNow()) : null;

    /// <summary>True for the first who finds the quota spent: he tells the others.</summary>
    public bool TryTellSpent() => Interlocked.Exchange(ref _spentTold, 1) == 0;

    private static long Milliseconds(TimeSpan? window) => (long)(window ?? TimeSpan.Zero).TotalMilliseconds;

    private long Now() => (long)clock.GetElapsedTime(0).TotalMilliseconds;
}
