using Telemt.Core.Wire;
using Telemt.Worker.Configuration.Schema;

namespace Telemt.Worker.Configuration.Rules;

/// <summary>Names, secrets and what else users must agree on.</summary>
internal static class UserRules
{
    private const int MaxName = 64;
    private const int NamesShown = 5;

    /// <summary>Looking for what a mistyped name was meant to be stays cheap with ten thousand users.</summary>
    private const int NamesCompared = 1000;

    public static void Check(TelemtOptions options, ProblemList problems)
    {
        if (options.Users.IsEmpty)
        {
            problems.Error(options.UsersOrigin, "users", "there is none", "add below [users] a line name = \"secret\"; `telemt secret` makes one");
        }
        else if (options.Users.All(user => !IsEnabled(user, options)))
        {
            problems.Warning(options.UsersOrigin, "users", "all are disabled", "set enabled = true for one of them");
        }

        var names = new Dictionary<string, UserOptions>(options.Users.Length, StringComparer.OrdinalIgnoreCase);
        var secrets = new Dictionary<Secret, UserOptions>(options.Users.Length);
        foreach (var user in options.Users)
        {
            CheckName(user, names, problems);
            CheckSecret(user, secrets, problems);
        }

        CheckShownLinks(options, names, problems);
    }

    private static bool IsEnabled(UserOptions user, TelemtOptions options)
        => user.Table.Get(UserKeys.Own.Enabled, options.Table(ConfigurationSchema.Defaults), UserKeys.Defaults.Enabled);

    private static void CheckName(UserOptions user, Dictionary<string, UserOptions> names, ProblemList problems)
    {
        var path = user.Table.Path;
        if (user.Name.Length is 0 or > MaxName || user.Name.Any(c => c == ':' || char.IsControl(c)))
        {
            problems.Error(user.Origin, path, "cannot be a user's name", $"give 1 to {MaxName} characters without a colon");
        }

        if (user.Name == "*")
        {
            problems.Error(user.Origin, path, "means every user", "give the user another name");
        }

        if (!names.TryAdd(user.Name, user))
        {
            var other = names[user.Name];
            problems.Error(user.Origin, path, $"differs from \"{other.Name}\" (line {other.Origin.Line}) only by case", "rename one of them");
        }
    }

    private static void CheckSecret(UserOptions user, Dictionary<Secret, UserOptions> secrets, ProblemList problems)
    {
        var key = UserKeys.Own.Secret;
        if (!user.Table.Has(key))
        {
            if (user.Table.Lacks(key))
            {
                problems.Error(user.Origin, user.Table.Path, "has no secret", "add secret = \"...\"; `telemt secret` makes one");
            }

            return;
        }

        var secret = user.Table.Get(key)!;
        if (secret.IsPlaceholder)
        {
            problems.Warning(
                user.Table.OriginOf(key),
                user.Table.Path,
                "has the placeholder secret, which everybody knows",
                "replace it by a secret of your own; `telemt secret` makes one");
        }
        else if (!secrets.TryAdd(secret, user))
        {
            var other = secrets[secret];
            problems.Error(
                user.Table.OriginOf(key),
                user.Table.Path,
                $"has the same secret as \"{other.Name}\" (line {other.Origin.Line})",
                "give each user a secret of its own; `telemt secret` makes one");
        }
    }

    private static void CheckShownLinks(TelemtOptions options, Dictionary<string, UserOptions> names, ProblemList problems)
    {
        var strangers = options.Root.Get(RootKeys.ShowLinks)
            .OfType<string>()
            .Where(name => name != "*" && !(names.TryGetValue(name, out var user) && user.Name == name))
            .ToList();
        if (strangers.Count > 0)
        {
            var near = Nearest.Of(strangers[0], names.Values.Select(user => user.Name).Take(NamesCompared));
            problems.Warning(
                options.Root.OriginOf(RootKeys.ShowLinks),
                RootKeys.ShowLinks.Path,
                $"there is no user \"{string.Join("\", \"", strangers.Take(NamesShown))}\"",
                near is null ? "name users of [users], or \"*\" for all" : $"did you mean \"{near}\"?");
        }
    }
}
