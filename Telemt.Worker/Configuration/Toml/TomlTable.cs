using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Telemt.Worker.Configuration.Toml;

/// <summary>Keys and values in the order of the file. Key look-up is exact (case matters) and cheap at any size.</summary>
internal sealed class TomlTable(TomlPosition position, TomlTableOrigin origin, int depth) : TomlNode(position)
{
    /// <summary>Up to here a walk beats a dictionary, and most tables of a file with many users stay below.</summary>
    private const int IndexFrom = 8;

    private readonly List<TomlEntry> _entries = [];
    private Dictionary<string, int>? _index;

    public IReadOnlyList<TomlEntry> Entries => _entries;

    /// <summary>Which syntax made the table; decides what later lines may still add to it.</summary>
    public TomlTableOrigin Origin { get; private set; } = origin;

    /// <summary>Levels above this table, the root having none.</summary>
    public int Depth { get; } = depth;

    public bool TryGet(string key, [NotNullWhen(true)] out TomlNode? value)
    {
        var found = TryGetEntry(key, out var entry);
        value = entry.Value;
        return found;
    }

    public bool TryGetEntry(string key, out TomlEntry entry)
    {
        var at = IndexOf(key);
        entry = at < 0 ? default : _entries[at];
        return at >= 0;
    }

    /// <summary>For the parser only; the key must not be there yet.</summary>
    public void Add(TomlKey key, TomlNode value)
    {
        Debug.Assert(IndexOf(key.Name) < 0, "The definition rules look first.");
        _entries.Add(new TomlEntry(key.Name, key.Position.Line, key.Position.Column, value));
        if (_index is not null)
        {
            _index.Add(key.Name, _entries.Count - 1);
        }
        else if (_entries.Count == IndexFrom)
        {
            BuildIndex();
        }
    }

    /// <summary>For the parser only: a table known from its children meets its own header.</summary>
    public void Define(TomlPosition header)
    {
        Debug.Assert(Origin == TomlTableOrigin.Implicit, "Only a table without a definition takes one.");
        Origin = TomlTableOrigin.Header;
        Position = header;
    }

    private int IndexOf(string key)
    {
        if (_index is not null)
        {
            return _index.TryGetValue(key, out var at) ? at : -1;
        }

        for (var i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].Key == key)
            {
                return i;
            }
        }

        return -1;
    }

    private void BuildIndex()
    {
        _index = new Dictionary<string, int>(2 * IndexFrom, StringComparer.Ordinal);
        for (var i = 0; i < _entries.Count; i++)
        {
            _index.Add(_entries[i].Key, i);
        }
    }
}
