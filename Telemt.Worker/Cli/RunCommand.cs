using System.CommandLine;
using Telemt.Worker.Configuration;
using Telemt.Worker.Hosting;
using Telemt.Worker.Listening;
using Telemt.Worker.Logging;

namespace Telemt.Worker.Cli;

/// <summary>`telemt [run] [FILE]`: the proxy itself.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var command = new Command("run", "Run the proxy (the default)");
        Make(command);
        return command;
    }

    /// <summary>Gives a command the arguments and the action of `run`.</summary>
    public static void Make(Command command)
    {
        var file = ConfigurationFile.Argument();

        // Text: the configuration's own rules judge it, as they judge the file's.
        var port = new Option<string?>("--port") { Description = "Port of every listener without its own, in place of the file's", HelpName = "N" };
        command.Add(file);
        command.Add(port);
        command.SetAction((result, _) =>
        {
            var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            return RunAsync(result.GetRequiredValue(file), result.GetValue(port), output, error);
        });
    }

    private static async Task<int> RunAsync(string path, string? port, TextWriter output, TextWriter error)
    {
        if (!OperatingSystem.IsLinux())
        {
            error.WriteLine("error: the proxy runs on Linux only, since its event loops are made of epoll; the other verbs work here too");
            return ExitCode.Failed;
        }

        var overrides = ConfigurationFile.Overrides();
        if (port is not null)
        {
            overrides = overrides.WithOption("port", port, "--port");
        }

        // What ends the start is written past the log, but is no less an error in the journal.
        var lead = LogFormatter.IsJournal() ? JournalFormatter.ErrorPrefix : "";
        try
        {
            using var host = TelemtHost.Build(path, overrides, output);
            return await TelemtHost.RunAsync(host);
        }
        catch (ConfigurationException e)
        {
            ConfigurationFile.WriteErrors(e.Report, error, lead);
            return ExitCode.Refused;
        }
        catch (ListenException e)
        {
            foreach (var problem in e.Problems)
            {
                error.WriteLine($"{lead}error: {problem}");
            }

            return ExitCode.Failed;
        }
    }
}
