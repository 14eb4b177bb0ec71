using System.Text;

namespace Telemt.Tests.EndToEnd;

/// <summary>A telemt.toml made of dotted keys, so that a test changes one by its name. Values are TOML as it stands in the file.</summary>
internal sealed class TomlText
{
    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Null takes the key out.</summary>
    public string? this[string key]
    {
        get => _values.GetValueOrDefault(key);
        set
        {
            if (value is null)
            {
                _values.Remove(key);
            }
            else
            {
                _values[key] = value;
            }
        }
    }

    public void Set(params ReadOnlySpan<(string Key, string? Value)> values)
    {
        foreach (var (key, value) in values)
        {
            this[key] = value;
        }
    }

    public static string Text(object value) => $"\"{value}\"";

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (key, value) in _values)
        {
            text.Append(key).Append(" = ").Append(value).Append('\n');
        }

        return text.ToString();
    }
}
