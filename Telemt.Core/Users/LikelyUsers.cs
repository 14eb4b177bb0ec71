namespace Telemt.Core.Users;

/// <summary>
/// Who came from which source lately: tried first the next time, so that a phone that comes back costs no scan, whatever loop it meets,
/// and the few phones behind one address neither. Remembers names, which survive a reload; a user whose secret changed merely fails his
/// first try. Bounded, and only successes get in. Safe for any thread; a lock of one part, twice a handshake.
/// </summary>
internal sealed class LikelyUsers
{
    /// <summary>Pairs of source and user, 1 MiB of them, of which a page is resident once one of it is in use.</summary>
    public const int Capacity = Sets * Ways;

    // A source shares eight places with others, four of them at most its own; the one asked for least lately leaves.
    private const int Ways = 8;
    private const int Sets = 8192;
    private const int SetShift = 64 - 13;
    private const int Parts = 32;

    private readonly Lock[] _locks = [.. Enumerable.Range(0, Parts).Select(_ => new Lock())];
    private readonly (ulong Source, string? Name)[] _entries = new (ulong, string?)[Capacity];

    /// <param name="source">Stands for an IPv4 address or an IPv6 /64.</param>
    /// <param name="users">The settings' users of today.</param>
    /// <returns>By their places in <paramref name="users"/>.</returns>
    public Likely Find(ulong source, UserDirectory users)
    {
        var found = Likely.Nobody;
        var set = SetOf(source, out var part);
        lock (part)
        {
            var front = 0;
            for (var way = 0; way < Ways && front < Likely.Most; way++)
            {
                if (IsOf(set[way], source))
                {
                    Promote(set, way, front, set[way]);
                    if (users.IndexOf(set[front++].Name!) is var user and >= 0)
                    {
                        found.Add(user);
                    }
                }
            }
        }

        return found;
    }

    public void Remember(ulong source, UserDirectory users, int user)
    {
        var name = users.Users[user].Name;
        var set = SetOf(source, out var part);
        lock (part)
        {
            Promote(set, PlaceFor(set, source, name), 0, (source, name));
        }
    }

    /// <summary>His own, that of the source's last one when it has all it may, or the last of all.</summary>
    private static int PlaceFor(Span<(ulong Source, string? Name)> set, ulong source, string name)
    {
        var own = 0;
        for (var way = 0; way < Ways; way++)
        {
            if (IsOf(set[way], source) && (set[way].Name == name || ++own == Likely.Most))
            {
                return way;
            }
        }

        return Ways - 1;
    }

    private static bool IsOf((ulong Source, string? Name) entry, ulong source) => entry.Source == source && entry.Name is not null;

    /// <summary>Puts an entry forward; those between its old place and its new one move back by one.</summary>
    private static void Promote(Span<(ulong Source, string? Name)> set, int from, int to, (ulong Source, string? Name) entry)
    {
        set[to..from].CopyTo(set[(to + 1)..]);
        set[to] = entry;
    }

    // Multiplied by 2^64 over the golden ratio: sources that differ in any bits spread over the sets.
    private Span<(ulong Source, string? Name)> SetOf(ulong source, out Lock part)
    {
        var set = (int)((source * 0x9E37_79B9_7F4A_7C15) >> SetShift);
        part = _locks[set % Parts];
        return _entries.AsSpan(set * Ways, Ways);
    }
}
