using System.CommandLine;
using Telemt.Worker.Configuration;

namespace Telemt.Worker.Cli;

/// <summary>The FILE that verbs take, and reading it as `run` would.</summary>
internal static class ConfigurationFile
{
    public const string Default = "telemt.toml";

    public static Argument<string> Argument() => new("FILE")
    {
        Description = "The configuration",
        DefaultValueFactory = _ => Default,
    };

    /// <summary>Environment variables count; options of the command line are added to these.</summary>
    public static ConfigurationOverrides Overrides() => ConfigurationOverrides.FromEnvironment(Environment.GetEnvironmentVariables());

    /// <summary>Reads it; when it has errors they are all written, with their cures.</summary>
    /// <returns>A report with settings, or null.</returns>
    public static ConfigurationReport? Load(string path, TextWriter error)
    {
        var report = SettingsLoader.Load(path, Overrides());
        if (report.IsValid)
        {
            return report;
        }

        WriteErrors(report, error);
        return null;
    }

    /// <param name="lead">Before "error:" on each line.</param>
    public static void WriteErrors(ConfigurationReport report, TextWriter error, string lead = "")
    {
        foreach (var problem in report.Errors)
        {
            error.WriteLine($"{lead}error: {problem}");
        }
    }
}
