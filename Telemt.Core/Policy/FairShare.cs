using System.Collections.Concurrent;
using Telemt.Core.Settings;

namespace Telemt.Core.Policy;

/// <summary>
/// Who may take how much, for all loops: rates as telemt.toml sets them, and equal shares between users of whatever is contended. The
/// loops draw on it without a lock; a few times a second one of them, whichever comes first, compares what they counted and sets the
/// levels anew. Times are nanoseconds of one clock.
/// </summary>
/// <param name="loops">As many as there are.</param>
internal sealed class FairShare(int loops)
{
    /// <summary>Long enough for TCP to react, short enough for people.</summary>
    public const long Window = 200_000_000;

    /// <summary>After a longer gap the counters say nothing about a rate.</summary>
    private const long LongestWindow = 5 * Window;

    private readonly ConcurrentDictionary<string, UserShare> _users = new(StringComparer.Ordinal);
    private FlowSample[] _samples = new FlowSample[16];
    private long _last = long.MinValue / 2;
    private int _busy;

    public HostShare Up { get; } = new();

    public HostShare Down { get; } = new();

    /// <summary>Everybody who is handed to the mask host counts as one user.</summary>
    public UserShare Strangers { get; } = new(string.Empty, loops);

    /// <summary>Nobody is held by a level.</summary>
    public bool IsFree => Up.Level == 0 && Down.Level == 0;

    /// <summary>The user's, made when he first comes. As many as there are users in the file.</summary>
    /// <param name="rate">His own, for a new one.</param>
    public UserShare Of(string user, long? rate, long now)
    {
        if (_users.TryGetValue(user, out var known))
        {
            return known;
        }

        var share = new UserShare(user, loops);
        share.Own.Set(rate ?? 0, now);
        share.Follow(Up, Down, now);
        return _users.GetOrAdd(user, share);
    }

    /// <summary>An edit came into force: rates of running sessions follow.</summary>
    public void Apply(ProxySettings settings, long now)
    {
        var rate = settings.Limits.Rate ?? 0;
        Up.Rate.Change(rate, now);
        Down.Rate.Change(rate, now);
        foreach (var (name, share) in _users)
        {
            if (settings.Users.FindByName(name) is { } user)
            {
                share.Own.Set(user.Rate ?? 0, now);
                share.Follow(Up, Down, now);
            }
            else
            {
                // His sessions end with this edit.
                _users.TryRemove(name, out _);
            }
        }

        Strangers.Follow(Up, Down, now);
    }

    /// <summary>Compares the loops' counters and sets the levels, if it is time and no other loop does.</summary>
    /// <returns>False when nothing was done.</returns>
    public bool TryExchange(long now)
    {
        if (now - Volatile.Read(ref _last) < Window || Interlocked.Exchange(ref _busy, 1) != 0)
        {
            return false;
        }

        try
        {
            var window = now - _last;
            if (window < Window)
            {
                return false;
            }

            Volatile.Write(ref _last, now);
            Observe(Up, static share => share.Up, window);
            Observe(Down, static share => share.Down, window);
            Strangers.Follow(Up, Down, now);
            foreach (var (_, share) in _users)
            {
                share.Follow(Up, Down, now);
            }

            return true;
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <summary>What each user moves and whether he is held, for a status; from any thread.</summary>
    public IEnumerable<UserShare> Users => _users.Values;

    private void Observe(HostShare host, Func<UserShare, UserFlow> flowOf, long window)
    {
        var count = 0;
        var seconds = window / 1e9;
        Take(flowOf(Strangers).Sample(seconds));
        foreach (var (_, share) in _users)
        {
            Take(flowOf(share).Sample(seconds));
        }

        if (window > LongestWindow)
        {
            host.Release();
        }
        else
        {
            host.Observe(_samples.AsSpan(0, count));
        }

        void Take(FlowSample sample)
        {
            if (sample.Rate == 0 && !sample.Wants)
            {
                return;
            }

            if (count == _samples.Length)
            {
                Array.Resize(ref _samples, count * 2);
            }

            _samples[count++] = sample;
        }
    }
}
