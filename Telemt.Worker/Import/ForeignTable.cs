using System.Collections.Immutable;
using Telemt.Worker.Configuration.Toml;
using Telemt.Worker.Configuration.Toml.Editing;

namespace Telemt.Worker.Import;

/// <summary>
/// A table of another server's configuration. Each key that is asked for counts as understood; <see cref="NoteRest"/> names the others.
/// </summary>
/// <param name="name">For notes; empty for the root.</param>
internal sealed class ForeignTable(TomlTable table, string name, ImportNotes notes)
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<TomlTable, ForeignTable> _children = [];

    public int Line => table.Line;

    public IEnumerable<string> Keys => table.Entries.Select(entry => entry.Key);

    public bool Has(string key) => table.TryGet(key, out _);

    /// <summary>The value, with the line of its key.</summary>
    public ForeignValue? Take(string key)
    {
        if (!table.TryGetEntry(key, out var entry))
        {
            return null;
        }

        _taken.Add(key);
        return new ForeignValue(PathOf(key), entry.Line, entry.Value);
    }

    public ForeignTable? Table(string key)
    {
        if (!table.TryGet(key, out var node) || node is not TomlTable child)
        {
            return null;
        }

        _taken.Add(key);
        return Child(child, PathOf(key));
    }

    public IEnumerable<ForeignTable> Tables(string key)
    {
        if (!table.TryGet(key, out var node) || node is not TomlArray array || !array.Items.All(item => item is TomlTable))
        {
            return [];
        }

        _taken.Add(key);
        return array.Items.Cast<TomlTable>().Select(item => Child(item, PathOf(key))).ToList();
    }

    /// <summary>A map of names, such as users to secrets.</summary>
    public IEnumerable<(string Name, ForeignValue Value)> Map(string key)
    {
        if (Table(key) is not { } map)
        {
            return [];
        }

        return map.Keys.Select(each => (each, map.Take(each)!)).ToList();
    }

    /// <summary>The key has no counterpart and needs none, or is what holds here anyway.</summary>
    public void Skip(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            _taken.Add(key);
        }
    }

    /// <summary>Names what nobody asked for, here and below.</summary>
    public void NoteRest()
    {
        foreach (var entry in table.Entries.Where(entry => !_taken.Contains(entry.Key)))
        {
            notes.NoCounterpart(entry.Line, PathOf(entry.Key));
        }

        foreach (var child in _children.Values)
        {
            child.NoteRest();
        }
    }

    private ForeignTable Child(TomlTable child, string path)
    {
        if (!_children.TryGetValue(child, out var known))
        {
            _children[child] = known = new ForeignTable(child, path, notes);
        }

        return known;
    }

    private string PathOf(string key) => name.Length == 0 ? TomlLiteral.Key(key) : $"{name}.{TomlLiteral.Key(key)}";
}

/// <summary>One value of a foreign file.</summary>
/// <param name="Path">Of its key, for notes.</param>
internal sealed record ForeignValue(string Path, int Line, TomlNode Node)
{
    public string? Text => Node is TomlValue { Value: string text } ? text : null;

    public long? Number => Node is TomlValue { Value: long number } ? number : null;

    public bool? Flag => Node switch
    {
        TomlValue { Value: bool flag } => flag,
        TomlValue { Value: long number } => number != 0,
        _ => null,
    };

    /// <summary>A list of texts; a single text is a list of one.</summary>
    public ImmutableArray<string>? Texts => Node switch
    {
        TomlValue { Value: string text } => [text],
        TomlArray array when array.Items.All(item => item is TomlValue { Value: string }) =>
            [.. array.Items.Select(item => (string)((TomlValue)item).Value)],
        _ => null,
    };

    /// <summary>As it would stand in a file of ours; null for what cannot.</summary>
    public TomlLiteral? Literal => Node switch
    {
        TomlValue { Value: string text } => TomlLiteral.Of(text),
        TomlValue { Value: bool flag } => TomlLiteral.Of(flag),
        TomlValue { Value: long number } => TomlLiteral.Of(number),
        TomlValue { Value: DateTimeOffset moment } => TomlLiteral.Of(moment),
        TomlValue { Value: DateOnly day } => TomlLiteral.Of(day),
        TomlArray when Texts is { } texts => TomlLiteral.Of(texts),
        _ => null,
    };
}
