using Telemt.Worker.Configuration.Toml;

namespace Telemt.Worker.Configuration.Draft;

/// <summary>Makes a draft of a parsed file.</summary>
internal static class TomlDraft
{
    /// <param name="source">The file's path as messages name it.</param>
    public static DraftTable From(TomlTable root, string source) => Table(root, source);

    private static DraftTable Table(TomlTable table, string source)
    {
        var draft = new DraftTable(new Origin(source, table.Line, table.Column));
        foreach (var entry in table.Entries)
        {
            draft.Entries.Add(new DraftEntry(entry.Key, new Origin(source, entry.Line, entry.Column), Node(entry.Value, source)));
        }

        return draft;
    }

    private static DraftNode Node(TomlNode node, string source) => node switch
    {
        TomlTable table => Table(table, source),
        TomlArray array => List(array, source),
        TomlValue value => new DraftValue(new Origin(source, value.Line, value.Column), Kind(value.Kind), value.Value),
        _ => throw new InvalidOperationException($"A {node.GetType().Name} is no part of a TOML tree."),
    };

    private static DraftList List(TomlArray array, string source)
    {
        var draft = new DraftList(new Origin(source, array.Line, array.Column));
        foreach (var item in array.Items)
        {
            draft.Items.Add(Node(item, source));
        }

        return draft;
    }

    private static DraftKind Kind(TomlKind kind) => kind switch
    {
        TomlKind.String => DraftKind.Text,
        TomlKind.Integer => DraftKind.Integer,
        TomlKind.Float => DraftKind.Float,
        TomlKind.Boolean => DraftKind.Boolean,
        TomlKind.OffsetDateTime => DraftKind.Moment,
        TomlKind.LocalDateTime => DraftKind.LocalMoment,
        TomlKind.LocalDate => DraftKind.Date,
        _ => DraftKind.Time,
    };
}
