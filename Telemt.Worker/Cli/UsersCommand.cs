using System.CommandLine;
using System.Globalization;
using Telemt.Worker.Configuration;
using Telemt.Worker.Configuration.Editing;
using Telemt.Worker.Configuration.Schema;
using Telemt.Worker.Configuration.Toml.Editing;

namespace Telemt.Worker.Cli;

/// <summary>
/// `telemt users`: edits [users] of the file as the page does, comments and order kept. A running proxy follows by its watch of the
/// file, and needs no word.
/// </summary>
internal static class UsersCommand
{
    public static Command Create() => new("users", "List the users of a configuration, and edit them; a running proxy follows")
    {
        List(),
        Add(),
        Simple("disable", "Keep a user out until enabled again; his sessions end", (toml, name) => UserEdit.SetEnabled(toml, name, false)),
        Simple("enable", "Let a disabled user in again", (toml, name) => UserEdit.SetEnabled(toml, name, true)),
        Rotate(),
        Simple("remove", "Take a user out of the file; his sessions end", UserEdit.Remove),
    };

    private static Command List()
    {
        var file = ConfigurationFile.Argument();
        var command = new Command("list", "Print the users, one a line, without their secrets") { file };
        command.SetAction(result =>
        {
            var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            if (ConfigurationFile.Load(result.GetRequiredValue(file), error) is not { Settings: { } settings })
            {
                return ExitCode.Refused;
            }

            UserTable.Write(output, settings.Users.Users, TimeProvider.System.GetUtcNow());
            return ExitCode.Good;
        });
        return command;
    }

    private static Command Add()
    {
        var (name, file, qr) = (Name(), ConfigurationFile.Argument(), Qr());
        var secret = new Option<string?>("--secret") { Description = "32 hexadecimal digits; a fresh one without it", HelpName = "HEX" };
        var keys = new[]
        {
            Key("--expires", UserKeys.Own.Expires, "DATE"),
            Key("--max-connections", UserKeys.Own.MaxConnections, "N"),
            Key("--max-ips", UserKeys.Own.MaxIps, "N"),
            Key("--quota", UserKeys.Own.Quota, "SIZE"),
            Key("--quota-period", UserKeys.Own.QuotaPeriod, "month|day|total"),
            Key("--rate", UserKeys.Own.Rate, "SIZE/s"),
        };
        var command = new Command("add", "Add a user with a fresh secret, and print the links") { name, file, secret, qr };
        foreach (var (option, _) in keys)
        {
            command.Add(option);
        }

        command.SetAction((result, cancellation) =>
        {
            var values = keys
                .Select(pair => (pair.Key, Text: result.GetValue(pair.Option)))
                .Where(pair => pair.Text is not null)
                .Select(pair => (pair.Key, Literal(pair.Text!)))
                .ToArray();
            var key = result.GetValue(secret) ?? UserEdit.NewSecret();
            var user = result.GetRequiredValue(name);
            return EditAsync(result, file, toml => UserEdit.Add(toml, user, key, values), user, links: true, result.GetValue(qr), cancellation);
        });
        return command;
    }

    private static Command Rotate()
    {
        var (name, file, qr) = (Name(), ConfigurationFile.Argument(), Qr());
        var command = new Command("rotate", "Give a user a fresh secret, and print the new links; his sessions end") { name, file, qr };
        command.SetAction((result, cancellation) =>
        {
            var user = result.GetRequiredValue(name);
            return EditAsync(
                result, file, toml => UserEdit.SetSecret(toml, user, UserEdit.NewSecret()), user, links: true, result.GetValue(qr), cancellation);
        });
        return command;
    }

    private static Command Simple(string verb, string description, Func<TomlEditor, string, EditRefusal?> edit)
    {
        var (name, file) = (Name(), ConfigurationFile.Argument());
        var command = new Command(verb, description) { name, file };
        command.SetAction((result, cancellation) =>
        {
            var user = result.GetRequiredValue(name);
            return EditAsync(result, file, toml => edit(toml, user), user, links: false, qr: false, cancellation);
        });
        return command;
    }

    private static async Task<int> EditAsync(
        ParseResult result,
        Argument<string> file,
        Func<TomlEditor, EditRefusal?> edit,
        string user,
        bool links,
        bool qr,
        CancellationToken cancellation)
    {
        var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        var path = result.GetRequiredValue(file);
        using var editor = new ConfigurationEditor(new SettingsLoader(path, ConfigurationFile.Overrides(), SystemHostFacts.Read));
        var edited = await editor.EditAsync((toml, _) => edit(toml), cancellation);
        if (edited.Report?.Settings is not { } settings)
        {
            error.WriteLine($"error: {edited.Refusal!.Text}");
            return ExitCode.Failed;
        }

        output.WriteLine($"{path} is written.");
        return links
            ? await LinksCommand.WriteAsync(output, error, settings, LinksCommand.Users(settings, user, error) ?? [], qr, cancellation)
            : ExitCode.Good;
    }

    private static Argument<string> Name() => new("NAME") { Description = "The user's name" };

    private static Option<bool> Qr() => new("--qr") { Description = "Draw each link as a QR code too" };

    private static (Option<string?> Option, string Key) Key(string option, ConfigurationKey key, string help) =>
        (new Option<string?>(option) { Description = key.Expected, HelpName = help }, key.Name);

    /// <summary>The rules of the file judge the value; a number is written as one.</summary>
    private static TomlLiteral Literal(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? TomlLiteral.Of(number) : TomlLiteral.Of(text);
}
