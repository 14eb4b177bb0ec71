using Telemt.Worker.Configuration.Toml;

namespace Telemt.Worker.Import;

/// <summary>
/// Reads the plain assignments of a Python file, NAME = literal, into a tree like TOML's. Nothing is executed: every other statement is
/// named and passed over with what is indented below it. Time is linear in the text, depth bounded.
/// </summary>
internal static class PythonConfig
{
    /// <summary>A file that is no TOML and assigns a name in capitals.</summary>
    public static bool Looks(byte[] content) =>
        System.Text.RegularExpressions.Regex.IsMatch(
            System.Text.Encoding.UTF8.GetString(content), @"^[A-Z][A-Z0-9_]*[ \t]*=", System.Text.RegularExpressions.RegexOptions.Multiline);

    /// <summary>The last assignment to a name holds.</summary>
    public static TomlTable Parse(string text, ImportNotes notes)
    {
        var reader = new PythonReader(text);
        var values = new List<(TomlKey Key, TomlNode? Value)>();
        while (reader.TryNextStatement())
        {
            var line = reader.Line;
            if (reader.TryAssignment(out var name, out var value))
            {
                values.RemoveAll(each => each.Key.Name == name);
                values.Add((new TomlKey(name, new TomlPosition(line, 1)), value));
            }
            else
            {
                notes.Add(line, "is no plain assignment and is passed over: nothing of the file is executed");
                reader.SkipStatement();
            }
        }

        var root = new TomlTable(new TomlPosition(1, 1), TomlTableOrigin.Root, depth: 0);
        foreach (var (key, value) in values.Where(each => each.Value is not null))
        {
            root.Add(key, value!);
        }

        return root;
    }
}
