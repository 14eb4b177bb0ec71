using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>A table of telemt.toml and the keys that have a meaning in it.</summary>
internal sealed class ConfigurationSection
{
    private readonly FrozenDictionary<string, ConfigurationKey> _byName;

    /// <param name="name">"timeouts"; empty for the root.</param>
    public ConfigurationSection(string name, SectionShape shape, params ConfigurationKey[] keys)
    {
        Name = name;
        Shape = shape;
        Keys = [.. keys];
        _byName = keys.ToFrozenDictionary(key => key.Name, StringComparer.Ordinal);    }

    public string Name { get; }

    public SectionShape Shape { get; }

    public ImmutableArray<ConfigurationKey> Keys { get; }

    /// <summary>As the operator writes its header.</summary>
    public string Header => Shape == SectionShape.List ? $"[[{Name}]]" : $"[{Name}]";

    public ConfigurationKey? Find(string name) => _byName.GetValueOrDefault(name);
}
