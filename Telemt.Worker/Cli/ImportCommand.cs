using System.CommandLine;
using Telemt.Worker.Configuration;
using Telemt.Worker.Import;

namespace Telemt.Worker.Cli;

/// <summary>`telemt import FILE`: makes a telemt.toml of another server's configuration, and names what has no counterpart.</summary>
internal static class ImportCommand
{
    /// <summary>A configuration of more is none.</summary>
    private const int MostBytes = 16 << 20;

    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A nested telemt.toml, mtg's TOML, or mtprotoproxy's config.py" };
        var output = new Option<string?>("--output", "-o") { Description = "The file to write; without it the text is printed", HelpName = "FILE" };
        var command = new Command(
            "import", "Turn another server's configuration into ours; exit 0: all of it, 1: but for what is named, 2: not possible") { file, output };
        command.SetAction(result => Run(
            result.GetRequiredValue(file), result.GetValue(output), result.InvocationConfiguration.Output, result.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(string path, string? target, TextWriter output, TextWriter error)
    {
        if (Read(path, error) is not { } content)
        {
            return ExitCode.Refused;
        }

        var imported = Importer.Import(path, content);
        foreach (var note in imported.Notes.Lines(path))
        {
            error.WriteLine($"note: {note}");
        }

        if (imported.Text is not { } text)
        {
            error.WriteLine($"error: {imported.Problem}");
            return ExitCode.Refused;
        }

        if (target is null)
        {
            output.Write(text);
        }
        else if (InitCommand.Write(target, text) is { } problem)
        {
            error.WriteLine($"error: {problem}");
            return ExitCode.Refused;
        }
        else
        {
            output.WriteLine($"{target} is written, from {imported.Kind}. Next: telemt check {target}; telemt {target}");
        }

        return imported.Notes.Count == 0 ? ExitCode.Good : ExitCode.Failed;
    }

    private static byte[]? Read(string path, TextWriter error)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MostBytes })
            {
                error.WriteLine($"error: {path} is too long for a configuration");
                return null;
            }

            return File.ReadAllBytes(path);
        }
        catch (Exception failure) when (FileProblem.IsOne(failure))
        {
            error.WriteLine($"error: {FileProblem.Of(path, failure)}");
            return null;
        }
    }
}
