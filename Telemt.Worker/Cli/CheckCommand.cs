using System.CommandLine;
using System.Globalization;
using Telemt.Core.Settings;
using Telemt.Worker.Configuration;

namespace Telemt.Worker.Cli;

/// <summary>`telemt check FILE`: every problem at once, and a word on what a good file means.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var file = ConfigurationFile.Argument();
        var command = new Command("check", "Say all that is wrong with a configuration; exit 0: fine, 1: warnings, 2: errors") { file };
        command.SetAction(result =>
        {
            var report = SettingsLoader.Load(result.GetRequiredValue(file), ConfigurationFile.Overrides());
            return Write(report, result.InvocationConfiguration.Output);
        });
        return command;
    }

    internal static int Write(ConfigurationReport report, TextWriter output)
    {
        var problems = 0;
        foreach (var line in report.Lines())
        {
            output.WriteLine(line);
            problems++;
        }

        if (report.Settings is not { } settings)
        {
            return ExitCode.Refused;
        }

        output.WriteLine($"{report.Path}: {Summary(settings)}");
        return problems == 0 ? ExitCode.Good : ExitCode.Failed;
    }

    private static string Summary(ProxySettings settings)
    {
        var modes = new[] { (settings.Modes.Classic, "classic"), (settings.Modes.Secure, "secure"), (settings.Modes.Tls, "tls") };
        var ports = settings.Listeners.Select(listener => listener.Port).Distinct();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{settings.Users.Users.Length} {(settings.Users.Users.Length == 1 ? "user" : "users")}, modes {string.Join(" ", modes.Where(mode => mode.Item1).Select(mode => mode.Item2))}, "
            + $"port {string.Join(" ", ports)}");
    }
}
