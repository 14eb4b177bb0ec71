using System.Runtime.InteropServices;

namespace Telemt.Core.Policy;

/// <summary>
/// From how many addresses one user comes: those with sessions, and those whose last session ended less than a window ago. IPv6 counts
/// by /64. Not safe for several threads: its account takes turns.
/// </summary>
internal sealed class AddressWindow
{
    private const int LeastSwept = 64;

    private readonly Dictionary<ulong, Place> _places = [];
    private int _sweepAt = LeastSwept;

    /// <param name="most">Null lets all in.</param>
    /// <param name="window">Milliseconds that an address stays counted behind its last session.</param>
    /// <param name="now">Milliseconds of any steady clock.</param>
    /// <returns>False when it would be one address too many; nothing is remembered of it then.</returns>
    public bool TryEnter(ulong source, int? most, long window, long now)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrNullRef(_places, source);
        if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref known) && known.IsCounted(window, now))
        {
            known.Sessions++;
            return true;
        }

        if (most is not null || _places.Count >= _sweepAt)
        {
            Sweep(window, now);
        }

        if (_places.Count >= most)
        {
            return false;
        }

        _places[source] = new Place { Sessions = 1 };
        return true;
    }

    public void Leave(ulong source, long now)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrNullRef(_places, source);
        if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref known) && known.Sessions > 0)
        {
            known.Sessions--;
            known.LeftAt = now;
        }
    }

    public int Count(long window, long now)
    {
        var count = 0;
        foreach (var place in _places.Values)
        {
            count += place.IsCounted(window, now) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Forgets who is no longer counted. Without a limit only once they may be as many again, so that it costs little each.</summary>
    private void Sweep(long window, long now)
    {
        foreach (var (source, place) in _places)
        {
            if (!place.IsCounted(window, now))
            {
                _places.Remove(source);
            }
        }

        _sweepAt = Math.Max(LeastSwept, 2 * _places.Count);
    }

    private struct Place
    {
        public int Sessions;
        public long LeftAt;

        public readonly bool IsCounted(long window, long now) => Sessions > 0 || now - LeftAt < window;
    }
}
