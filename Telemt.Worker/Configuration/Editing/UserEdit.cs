using System.Security.Cryptography;
using Telemt.Worker.Configuration.Schema;
using Telemt.Worker.Configuration.Toml;
using Telemt.Worker.Configuration.Toml.Editing;

namespace Telemt.Worker.Configuration.Editing;

/// <summary>
/// Changes of users in the document, in whichever form the file has them. Short ones (<c>name = "secret"</c>) become
/// <c>name = { secret = "...", enabled = false }</c> when they need a second key, and short again when it goes.
/// </summary>
internal static class UserEdit
{
    private static string Users => ConfigurationSchema.Users.Name;

    private static string Secret => UserKeys.Own.Secret.Name;

    /// <summary>32 hexadecimal digits.</summary>
    public static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Core.Wire.Secret.Size));

    /// <param name="keys">Further keys of the user; with none the short form is written.</param>
    public static EditRefusal? Add(TomlEditor toml, string name, string secret, IReadOnlyList<(string Key, TomlLiteral Value)> keys)
    {
        if (ConfigurationSchema.IsRootName(name))
        {
            return new(EditProblem.Invalid, $"\"{name}\" is the name of a setting and cannot be a user's");
        }

        if (toml.TryFind([Users, name], out _))
        {
            return new(EditProblem.Exists, $"there is a user \"{name}\" already");
        }

        if (keys.Count == 0)
        {
            toml.Set([Users, name], TomlLiteral.Of(secret));
            return null;
        }

        toml.Set([Users, name, Secret], TomlLiteral.Of(secret));
        foreach (var (key, value) in keys)
        {
            toml.Set([Users, name, key], value);
        }

        return null;
    }

    /// <param name="value">Null takes the key out, so that [defaults] counts again.</param>
    public static EditRefusal? Set(TomlEditor toml, string name, string key, TomlLiteral? value)
    {
        if (!toml.TryFind([Users, name], out var user))
        {
            return Nobody(name);
        }

        if (value is null)
        {
            if (user is TomlTable && toml.Remove(Users, name, key))
            {
                Shorten(toml, name);
            }
        }
        else if (user is TomlTable)
        {
            toml.Set([Users, name, key], value);
        }
        else
        {
            toml.SetText([Users, name], $"{{ {Secret} = {toml.Source(Users, name)}, {key} = {value.Text} }}");
        }

        return null;
    }

    /// <summary>Whoever is enabled needs no key to say so, unless [defaults] keeps everybody out.</summary>
    public static EditRefusal? SetEnabled(TomlEditor toml, string name, bool enabled)
    {
        var isOffByDefault = toml.TryFind(UserKeys.Defaults.Enabled.Path.Split('.'), out var node) && node is TomlValue { Value: false };
        return Set(toml, name, UserKeys.Own.Enabled.Name, enabled && !isOffByDefault ? null : TomlLiteral.Of(enabled));
    }

    public static EditRefusal? SetSecret(TomlEditor toml, string name, string secret)
    {
        if (!toml.TryFind([Users, name], out var user))
        {
            return Nobody(name);
        }

        toml.Set(user is TomlTable ? [Users, name, Secret] : [Users, name], TomlLiteral.Of(secret));
        return null;
    }

    public static EditRefusal? Remove(TomlEditor toml, string name) => toml.Remove(Users, name) ? null : Nobody(name);

    private static EditRefusal Nobody(string name) => new(EditProblem.NotFound, $"there is no user \"{name}\"");

    private static void Shorten(TomlEditor toml, string name)
    {
        if (toml.TryFind([Users, name], out var user) && user is TomlTable { Origin: TomlTableOrigin.Inline, Entries: [{ Key: var only }] } && only == Secret)
        {
            toml.SetText([Users, name], toml.Source(Users, name, Secret)!);
        }
    }
}
