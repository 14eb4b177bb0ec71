using System.Collections.Immutable;
using Telemt.Core.Settings;
using Telemt.Worker.Configuration.Draft;
using Telemt.Worker.Configuration.Toml;

namespace Telemt.Worker.Configuration;

/// <summary>Reads telemt.toml with its overrides: file → tree → draft → options → settings. Never throws for what a file may hold.</summary>
/// <param name="path">As the operator gave it; messages repeat it.</param>
/// <param name="host">Asked once for each load.</param>
internal sealed class SettingsLoader(string path, ConfigurationOverrides overrides, Func<HostFacts> host)
{
    public string Path => path;

    /// <summary>Reads a file on this host once.</summary>
    public static ConfigurationReport Load(string path, ConfigurationOverrides overrides)
        => new SettingsLoader(path, overrides, SystemHostFacts.Read).Load();

    /// <param name="previous">The settings in force; the new ones get the next revision.</param>
    public ConfigurationReport Load(ProxySettings? previous = null) => Load(() => TomlDocument.Load(path), previous);

    /// <summary>Reads content that is already in memory.</summary>
    public ConfigurationReport Read(byte[] content, ProxySettings? previous = null) => Load(() => TomlDocument.Parse(path, content), previous);

    private ConfigurationReport Load(Func<TomlDocument> parse, ProxySettings? previous)
    {
        try
        {
            return Compile(parse(), previous);
        }
        catch (TomlException failure)
        {
            return Unreadable(new ConfigurationProblem(new Origin(path, failure.Line, failure.Column), "", failure.Message, "mend the line"));
        }
        catch (Exception failure) when (FileProblem.IsOne(failure))
        {
            return Unreadable(FileProblem.Of(path, failure));
        }
    }

    private ConfigurationReport Compile(TomlDocument document, ProxySettings? previous)
    {
        if (document.Root.Entries.Count == 0)
        {
            return Unreadable(
                new ConfigurationProblem(new Origin(path, 0, 0), "", "the file is empty", "`telemt init` writes one to start from"));
        }

        var problems = new ProblemList();
        var draft = TomlDraft.From(document.Root, path);
        var facts = host();
        new KeyLifter(draft, problems).Lift();
        new OverrideWriter(draft, problems).Write(overrides);
        var options = new OptionsReader(draft, new Origin(path, 0, 0), problems).Read();
        TelemtOptionsValidator.Validate(options, facts, problems);
        return new ConfigurationReport
        {
            Path = path,
            Errors = Sorted(problems.Errors),
            Warnings = Sorted(problems.Warnings),
            ContentHash = [.. document.ContentHash],
            Options = options,
            Settings = problems.Errors.Count == 0 ? SettingsFactory.Create(options, facts, previous) : null,
        };
    }

    private ConfigurationReport Unreadable(ConfigurationProblem problem) => new()
    {
        Path = path,
        Errors = [problem],
        Warnings = [],
        ContentHash = [],
        Options = null,
        Settings = null,
    };

    private static ImmutableArray<ConfigurationProblem> Sorted(List<ConfigurationProblem> problems)
        => [.. problems.OrderBy(problem => problem.Origin.Line).ThenBy(problem => problem.Origin.Column)];
}
