using System.CommandLine;
using System.CommandLine.Invocation;

namespace Telemt.Worker.Cli;

/// <summary>The command line: one file for each verb.</summary>
internal static class CommandLine
{
    /// <param name="output">Results of a verb; the terminal's when null.</param>
    /// <param name="error">What went wrong, with its cure; the terminal's when null.</param>
    public static async Task<int> RunAsync(string[] args, TextWriter? output = null, TextWriter? error = null)
    {
        var parsed = Create().Parse(args);
        if (parsed.Action is ParseErrorAction wrong)
        {
            // What is wrong in one line each; the whole help would push it off the screen.
            wrong.ShowHelp = false;
            wrong.ShowTypoCorrections = false;
        }

        var code = await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = output ?? Console.Out,
            Error = error ?? Console.Error,

            // Signals are the host's own affair, and so is the time that it takes to stop.
            ProcessTerminationTimeout = null,
        });
        return parsed.Errors.Count > 0 ? ExitCode.Refused : code;
    }

    /// <summary>`run` is what happens without a verb.</summary>
    internal static RootCommand Create()
    {
        var root = new RootCommand("Telemt, an MTProto proxy for Telegram. Without a verb it runs: telemt telemt.toml")
        {
            RunCommand.Create(),
            InitCommand.Create(),
            CheckCommand.Create(),
            DoctorCommand.Create(),
            ImportCommand.Create(),
            LinksCommand.Create(),
            StatusCommand.Create(),
            UsersCommand.Create(),
            SecretCommand.Create(),
            PingCommand.Create(),
            SelftestCommand.Create(),
            VersionCommand.Create(),
        };
        RunCommand.Make(root);
        return root;
    }
}
