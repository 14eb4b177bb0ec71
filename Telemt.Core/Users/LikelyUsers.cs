namespace Telemt.Core.Users;

/// <summary>
/// Who came from which source last: tried first the next time, so that a phone that comes back costs no scan. Remembers names, which
/// survive a reload; a user whose secret changed merely fails his first try. Bounded, and only successes get in. Belongs to one loop.
/// </summary>
internal sealed class LikelyUsers
{
    // A source has four places; the one asked for least lately leaves.
    private const int Ways = 4;
    private const int Sets = 1024;

    private (ulong Source, string? Name)[]? _entries;

    /// <param name="source">Stands for an IPv4 address or an IPv6 /64.</param>
    /// <param name="users">The settings' users of today.</param>
    /// <returns>Index in <paramref name="users"/>, or -1.</returns>
    public int Find(ulong source, UserDirectory users)
    {
        if (_entries is null)
        {
            return -1;
        }
        var set = SetOf(_entries, source);
        var way = WayOf(set, source);
        if (way < 0)
        {
            return -1;
        }
        Promote(set, way, set[way]);
        return users.IndexOf(set[0].Name!);
    }

    public void Remember(ulong source, UserDirectory users, int user)
    {
        var set = SetOf(_entries ??= new (ulong, string?)[Sets * Ways], source);
        var way = WayOf(set, source);
        Promote(set, way >= 0 ? way : Ways - 1, (source, users.Users[user].Name));
    }

    private static int WayOf(Span<(ulong Source, string? Name)> set, ulong source)
    {
        for (var way = 0; way < Ways; way++)
        {
            if (set[way].Source == source && set[way].Name is not null)
            {
                return way;
            }
        }
        return -1;
    }

    /// <summary>Puts an entry in front; those before its old place move back by one.</summary>
    private static void Promote(Span<(ulong Source, string? Name)> set, int from, (ulong Source, string? Name) entry)
    {
        set[..from].CopyTo(set[1..]);
        set[0] = entry;
    }

    // Multiplied by 2^64 over the golden ratio: sources that differ in any bits spread over the sets.
    private static Span<(ulong Source, string? Name)> SetOf((ulong Source, string? Name)[] entries, ulong source)
        => entries.AsSpan((int)((source * 0x9E37_79B9_7F4A_7C15) >> 54) * Ways, Ways);
}
