using System.Collections.Immutable;

namespace Telemt.Core.Settings;

/// <summary>What an edit changed about users and listeners, by identity. Immutable.</summary>
internal sealed class SettingsDiff
{
    private SettingsDiff()
    {
    }

    public required ImmutableArray<UserSettings> UsersAdded { get; init; }

    public required ImmutableArray<UserSettings> UsersRemoved { get; init; }

    public required ImmutableArray<UserChange> UsersChanged { get; init; }

    public required ImmutableArray<ListenerSettings> ListenersAdded { get; init; }

    public required ImmutableArray<ListenerChange> ListenersKept { get; init; }

    public required ImmutableArray<ListenerSettings> ListenersRemoved { get; init; }

    public static SettingsDiff Between(ProxySettings before, ProxySettings after)
    {
        // Most edits leave the users alone, and then both revisions share one directory.
        var sameUsers = ReferenceEquals(before.Users, after.Users);
        var oldUsers = (sameUsers ? [] : before.Users.Users).ToDictionary(user => user.Name, StringComparer.Ordinal);
        var newUsers = (sameUsers ? [] : after.Users.Users).ToDictionary(user => user.Name, StringComparer.Ordinal);
        var oldListeners = before.Listeners.ToDictionary(listener => listener.Identity);
        var newListeners = after.Listeners.ToDictionary(listener => listener.Identity);
        return new SettingsDiff
        {
            UsersAdded = [.. newUsers.Values.Where(user => !oldUsers.ContainsKey(user.Name))],
            UsersRemoved = [.. oldUsers.Values.Where(user => !newUsers.ContainsKey(user.Name))],
            UsersChanged = [.. newUsers.Values
                .Where(user => oldUsers.TryGetValue(user.Name, out var old) && !old.Equals(user))
                .Select(user => new UserChange(oldUsers[user.Name], user))],
            ListenersAdded = [.. after.Listeners.Where(listener => !oldListeners.ContainsKey(listener.Identity))],
            ListenersKept = [.. after.Listeners
                .Where(listener => oldListeners.ContainsKey(listener.Identity))
                .Select(listener => new ListenerChange(oldListeners[listener.Identity], listener))],
            ListenersRemoved = [.. before.Listeners.Where(listener => !newListeners.ContainsKey(listener.Identity))],
        };
    }

    /// <summary>Names of the users whose running sessions end: removed, disabled, given a new secret, or expired by now.</summary>
    public IEnumerable<string> UsersCut(DateTimeOffset now)
        => UsersRemoved.Select(user => user.Name)
            .Concat(UsersChanged
                .Where(change => change.HasNewSecret || change.IsDisabled || change.After.Expires <= now)
                .Select(change => change.After.Name));
}
