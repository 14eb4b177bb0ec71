using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Telemt.Core.Wire;

namespace Telemt.Worker.Cli;

/// <summary>`telemt init`: the commented sample with secrets of its own, never over a file that exists.</summary>
internal static partial class InitCommand
{
    /// <summary>Stands in the sample where a secret belongs.</summary>
    private static readonly string Placeholder = new('0', Secret.Size * 2);

    private const UnixFileMode OwnerAndGroup = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    public static Command Create()
    {
        var file = ConfigurationFile.Argument();
        file.Description = "The file to write";
        var domain = DomainOption.Create("The site to hide behind, tls_domain");
        var command = new Command("init", "Write a commented configuration with a fresh secret") { file, domain };
        command.SetAction(result =>
        {
            var path = result.GetRequiredValue(file);
            if (Write(path, Fill(Sample(), result.GetValue(domain))) is { } problem)
            {
                result.InvocationConfiguration.Error.WriteLine($"error: {problem}");
                return ExitCode.Failed;
            }

            var first = result.GetValue(domain) is null ? "Set tls_domain in it, then" : "Next";
            result.InvocationConfiguration.Output.WriteLine($"{path} is written. {first}: telemt check {path}; telemt {path}");
            return ExitCode.Good;
        });
        return command;
    }

    /// <summary>The sample with each placeholder made a fresh secret, and with the domain if there is one.</summary>
    internal static string Fill(string sample, string? domain = null)
    {
        var text = new StringBuilder();
        if (domain is not null)
        {
            sample = DomainLine().Replace(sample, $"tls_domain = \"{domain}\"");
        }

        var rest = sample.AsSpan();
        for (var at = rest.IndexOf(Placeholder); at >= 0; at = rest.IndexOf(Placeholder))
        {
            text.Append(rest[..at]).Append(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Secret.Size)));
            rest = rest[(at + Placeholder.Length)..];
        }

        return text.Append(rest).ToString();
    }

    /// <returns>What went wrong with its cure, or null.</returns>
    internal static string? Write(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            // It holds secrets; the group is for the user that the service runs as.
            options.UnixCreateMode = OwnerAndGroup;
        }

        try
        {
            using var writer = new StreamWriter(path, options);
            writer.Write(text);
            return null;
        }
        catch (IOException) when (File.Exists(path))
        {
            return $"{path} exists and is left as it is; move it away or name another file";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{path} cannot be written: {e.Message} Name a file in a folder that exists and that you may write to";
        }
    }

    [GeneratedRegex("^tls_domain = \"[^\"]*\"", RegexOptions.Multiline)]
    private static partial Regex DomainLine();

    internal static string Sample()
    {
        using var stream = typeof(InitCommand).Assembly.GetManifestResourceStream("telemt.toml")
            ?? throw new InvalidOperationException("The build left the sample configuration out.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
