namespace Telemt.Core.Users;

/// <summary>Who came from which source last: tried first the next time. Bounded; belongs to one loop.</summary>
internal sealed class LikelyUsers
{
    private const int Slots = 4096;

    private readonly (ulong Source, string? Name)[] _last = new (ulong, string?)[Slots];

    /// <summary>Index in <paramref name="users"/>, or -1.</summary>
    public int Find(ulong source, UserDirectory users)
    {
        var (known, name) = _last[Slot(source)];
        return name is not null && known == source && users.FindByName(name) is { } user ? users.Users.IndexOf(user) : -1;
    }

    public void Remember(ulong source, UserDirectory users, int user) => _last[Slot(source)] = (source, users.Users[user].Name);

    private static int Slot(ulong source) => (int)((source * 0x9E3779B97F4A7C15) >> 52);
}
