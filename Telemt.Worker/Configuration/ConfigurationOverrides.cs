using System.Collections;
using System.Collections.Immutable;

namespace Telemt.Worker.Configuration;

/// <summary>What goes before the file: environment variables first, then options of the command line. The same for the process's life.</summary>
internal sealed record ConfigurationOverrides(ImmutableArray<ConfigurationOverride> Items)
{
    private const string Prefix = "TELEMT__";
    private const string Separator = "__";

    public static ConfigurationOverrides None { get; } = new([]);

    /// <param name="environment">As Environment.GetEnvironmentVariables gives it.</param>
    public static ConfigurationOverrides FromEnvironment(IDictionary environment)
        => new([.. environment.Keys.OfType<string>()
            .Select(name => (Name: name, Value: environment[name] as string ?? ""))
            .Where(pair => pair.Name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && pair.Name.Length > Prefix.Length)
            .OrderBy(pair => pair.Name, StringComparer.Ordinal)
            .Select(pair => new ConfigurationOverride(
                [.. pair.Name[Prefix.Length..].Split(Separator)],
                pair.Value,
                $"environment variable {pair.Name}"))]);

    /// <summary>Adds an option of the command line, which goes before all that is here.</summary>
    /// <param name="path">"port", "modes.classic".</param>
    public ConfigurationOverrides WithOption(string path, string value, string option)
        => new(Items.Add(new ConfigurationOverride([.. path.Split('.')], value, $"option {option}")));
}
