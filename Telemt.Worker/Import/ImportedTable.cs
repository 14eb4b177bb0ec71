using Telemt.Worker.Configuration.Toml.Editing;

namespace Telemt.Worker.Import;

/// <summary>One table of the new file, key by key.</summary>
/// <param name="header">As it stands in the file; empty for the root.</param>
internal sealed class ImportedTable(string header)
{
    private readonly List<ImportedKey> _keys = [];

    public string Header => header;

    public List<ImportedKey> Keys => _keys;

    public bool Has(string key) => _keys.Exists(each => each.Key == key);

    public void Set(string key, TomlLiteral? value, int line)
    {
        _keys.RemoveAll(each => each.Key == key);
        if (value is not null)
        {
            _keys.Add(new ImportedKey(key, value, line));
        }
    }

    public void Set(string key, string? text, int line) => Set(key, text is null ? null : TomlLiteral.Of(text), line);

    public void Set(string key, bool? flag, int line) => Set(key, flag is { } value ? TomlLiteral.Of(value) : null, line);

    public void Set(string key, long? number, int line) => Set(key, number is { } value ? TomlLiteral.Of(value) : null, line);

    /// <summary>Takes the value over as it is.</summary>
    public void Copy(string key, ForeignValue? value)
    {
        if (value?.Literal is { } literal)
        {
            Set(key, literal, value.Line);
        }
    }
}

/// <param name="Line">Of the foreign file; 0 when it follows from the file as a whole.</param>
internal sealed record ImportedKey(string Key, TomlLiteral Value, int Line);
