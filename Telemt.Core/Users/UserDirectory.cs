using System.Collections.Immutable;
using Telemt.Core.Settings;

namespace Telemt.Core.Users;

/// <summary>The users of one revision of the settings, with what authenticating them needs prepared once. Immutable; safe for any thread.</summary>
internal sealed class UserDirectory
{
    public UserDirectory(ImmutableArray<UserSettings> users) => Users = users;

    public ImmutableArray<UserSettings> Users { get; }
}
