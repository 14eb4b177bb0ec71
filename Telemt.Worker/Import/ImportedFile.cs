using System.Text;
using Telemt.Worker.Configuration.Toml.Editing;

namespace Telemt.Worker.Import;

/// <summary>The new telemt.toml while it is put together.</summary>
internal sealed class ImportedFile(string origin)
{
    private const string UsersHeader = "users";

    private readonly List<ImportedTable> _tables = [];
    private readonly List<ImportedTable> _users = [];

    public ImportedTable Root { get; } = new("");

    public IReadOnlyList<ImportedTable> Users => _users;

    public bool HasTag => Root.Has("ad_tag") || _users.Exists(user => user.Has("ad_tag"));

    public bool HasAny(string section) => _tables.Exists(table => table.Header == $"[[{section}]]");

    public IEnumerable<ImportedTable> All(string section) => _tables.Where(table => table.Header == $"[[{section}]]");

    /// <summary>[name], made when it is first asked for.</summary>
    public ImportedTable Table(string name)
    {
        var table = _tables.Find(each => each.Header == $"[{name}]");
        if (table is null)
        {
            table = new ImportedTable($"[{name}]");
            _tables.Add(table);
        }

        return table;
    }

    /// <summary>One more [[name]].</summary>
    public ImportedTable Item(string name)
    {
        var table = new ImportedTable($"[[{name}]]");
        _tables.Add(table);
        return table;
    }

    public void AddUser(string name, string secret, int line)
    {
        var user = new ImportedTable(name);
        user.Set("secret", secret, line);
        _users.Add(user);
    }

    public ImportedTable? User(string name) => _users.Find(user => user.Header == name);

    public void Remove(ImportedTable table)
    {
        _tables.Remove(table);
        _users.Remove(table);
    }

    /// <summary>The text, and for each of its lines the key that made it; a header's has no name.</summary>
    public (string Text, List<(ImportedTable Table, ImportedKey Key)?> Lines) Write()
    {
        var text = new StringBuilder();
        var lines = new List<(ImportedTable, ImportedKey)?>();
        Line($"# telemt.toml, made of {origin} by `telemt import`. `telemt init` writes one with every key explained.");
        Keys(Root);
        Line("");
        Line($"[{UsersHeader}]");
        foreach (var user in _users.Where(user => user.Keys.Count == 1))
        {
            Line($"{TomlLiteral.Key(user.Header)} = {user.Keys[0].Value.Text}", user, user.Keys[0]);
        }

        foreach (var user in _users.Where(user => user.Keys.Count > 1))
        {
            Line("");
            Line($"[{UsersHeader}.{TomlLiteral.Key(user.Header)}]", user, user.Keys[0] with { Key = "" });
            Keys(user);
        }

        foreach (var table in _tables.Where(table => table.Keys.Count > 0))
        {
            Line("");
            Line(table.Header, table, table.Keys[0] with { Key = "" });
            Keys(table);
        }

        return (text.ToString(), lines);

        void Keys(ImportedTable table)
        {
            foreach (var key in table.Keys)
            {
                Line($"{TomlLiteral.Key(key.Key)} = {key.Value.Text}", table, key);
            }
        }

        void Line(string line, ImportedTable? table = null, ImportedKey? key = null)
        {
            text.Append(line).Append('\n');
            lines.Add(table is null ? null : (table, key!));
        }
    }
}
