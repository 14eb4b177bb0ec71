namespace Telemt.Worker.Configuration.Toml;

/// <summary>
/// Which line may add to which table: a table is defined once, headers reach through anything that is not closed, dotted keys only
/// through what dotted keys made, inline tables and lists in brackets are complete where they stand.
/// </summary>
internal static class TomlDefinitions
{
    /// <summary>The table of a <c>[a.b]</c> header.</summary>
    public static TomlTable OpenTable(TomlTable root, List<TomlKey> path, TomlPosition header)
    {
        var parent = ParentForHeader(root, path);
        var key = path[^1];
        if (!parent.TryGetEntry(key.Name, out var entry))
        {
            return AddTable(parent, key, header, TomlTableOrigin.Header);
        }

        if (entry.Value is TomlTable { Origin: TomlTableOrigin.Implicit } table)
        {
            table.Define(header);
            return table;
        }

        throw entry.Value is TomlArray { IsArrayOfTables: true }
            ? new TomlException(key.Position, $"{key.Shown} is a list of tables (line {entry.Line}): its headers have two brackets")
            : Twice(key, entry);
    }

    /// <summary>A new element for a <c>[[a.b]]</c> header.</summary>
    public static TomlTable OpenElement(TomlTable root, List<TomlKey> path, TomlPosition header)
    {
        var parent = ParentForHeader(root, path);
        var key = path[^1];
        TomlArray array;
        if (!parent.TryGetEntry(key.Name, out var entry))
        {
            array = new TomlArray(header, isArrayOfTables: true);
            parent.Add(key, array);
        }
        else
        {
            array = entry.Value is TomlArray { IsArrayOfTables: true } known ? known : throw Twice(key, entry);
        }

        var element = NewTable(header, TomlTableOrigin.Element, parent.Depth + 2);
        array.Add(element);
        return element;
    }

    /// <summary>Where <c>a.b.c = value</c> puts its last key, which is not there yet.</summary>
    public static TomlTable ParentForValue(TomlTable table, List<TomlKey> path)
    {
        for (var i = 0; i < path.Count - 1; i++)
        {
            if (!table.TryGetEntry(path[i].Name, out var entry))
            {
                table = AddTable(table, path[i], path[i].Position, TomlTableOrigin.Dotted);
            }
            else
            {
                table = entry.Value is TomlTable { Origin: TomlTableOrigin.Dotted } dotted ? dotted : throw Closed(path[i], entry);
            }
        }

        return table.TryGetEntry(path[^1].Name, out var existing) ? throw Twice(path[^1], existing) : table;
    }

    private static TomlTable ParentForHeader(TomlTable table, List<TomlKey> path)
    {
        for (var i = 0; i < path.Count - 1; i++)
        {
            if (!table.TryGetEntry(path[i].Name, out var entry))
            {
                table = AddTable(table, path[i], path[i].Position, TomlTableOrigin.Implicit);
                continue;
            }

            table = entry.Value switch
            {
                TomlTable { Origin: not TomlTableOrigin.Inline } open => open,
                TomlArray { IsArrayOfTables: true } array => (TomlTable)array.Items[^1],
                _ => throw Closed(path[i], entry),
            };
        }

        return table;
    }

    private static TomlTable AddTable(TomlTable parent, TomlKey key, TomlPosition position, TomlTableOrigin origin)
    {
        var table = NewTable(position, origin, parent.Depth + 1);
        parent.Add(key, table);
        return table;
    }

    private static TomlTable NewTable(TomlPosition position, TomlTableOrigin origin, int depth)
    {
        return depth > TomlParser.MaxDepth
            ? throw new TomlException(position, $"tables are nested more than {TomlParser.MaxDepth} deep")
            : new TomlTable(position, origin, depth);
    }

    private static TomlException Twice(TomlKey key, TomlEntry first)
    {
        return new TomlException(key.Position, $"{key.Shown} is defined twice, first on line {first.Line}");
    }

    private static TomlException Closed(TomlKey key, TomlEntry first)
    {
        return new TomlException(key.Position, first.Value is TomlValue
            ? $"{key.Shown} is a value (line {first.Line}), not a table"
            : $"{key.Shown} was completed on line {first.Line} and cannot be added to here");
    }
}
