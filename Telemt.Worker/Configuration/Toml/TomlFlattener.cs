using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Telemt.Worker.Configuration.Toml;

/// <summary>
/// The tree as the flat keys of Microsoft.Extensions.Configuration: <c>timeouts:idle</c>, <c>listeners:0:port</c>. An empty list is an
/// empty text and an empty table a null, as the JSON provider has it.
/// </summary>
internal static class TomlFlattener
{
    /// <summary>
    /// Left out: the binder is quadratic in the children of a section (10,000 tables took 3.5 s), so users are read from the tree.
    /// </summary>
    public const string UsersKey = "users";

    public static Dictionary<string, string?> Flatten(TomlTable root)
    {
        var data = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in root.Entries)
        {
            if (!UsersKey.Equals(entry.Key, StringComparison.OrdinalIgnoreCase))
            {
                Add(data, "", entry.Key, entry.Value);
            }
        }

        return data;
    }

    private static void Add(Dictionary<string, string?> data, string parent, string key, TomlNode node)
    {
        if (key.Contains(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal))
        {
            // It would pass for a key of another section. No key of ours has one; the tree still shows it to whoever warns of it.
            return;
        }

        var path = parent.Length == 0 ? key : ConfigurationPath.Combine(parent, key);
        switch (node)
        {
            case TomlTable table:
                AddTable(data, path, table);
                break;
            case TomlArray array:
                AddArray(data, path, array);
                break;
            case TomlValue value:
                data[path] = Text(value);
                break;
        }
    }

    private static void AddTable(Dictionary<string, string?> data, string path, TomlTable table)
    {
        if (table.Entries.Count == 0)
        {
            data[path] = null;
        }

        foreach (var entry in table.Entries)
        {
            Add(data, path, entry.Key, entry.Value);
        }
    }

    private static void AddArray(Dictionary<string, string?> data, string path, TomlArray array)
    {
        if (array.Items.Count == 0)
        {
            data[path] = "";
        }

        for (var i = 0; i < array.Items.Count; i++)
        {
            Add(data, path, i.ToString(CultureInfo.InvariantCulture), array.Items[i]);
        }
    }

    private static string Text(TomlValue value) => value.Value switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        DateTimeOffset moment => moment.ToString("O", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("O", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("O", CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        var integer => Convert.ToString(integer, CultureInfo.InvariantCulture)!,
    };
}
