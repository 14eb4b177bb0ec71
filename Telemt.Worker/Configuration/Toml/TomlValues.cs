namespace Telemt.Worker.Configuration.Toml;

/// <summary>Reads any value. Recursion is bounded by <see cref="TomlParser.MaxDepth"/>, so a bomb of brackets ends in an error.</summary>
internal static class TomlValues
{
    /// <param name="depth">Levels above the value.</param>
    /// <param name="path">Scratch for the keys of inline tables.</param>
    public static TomlNode Read(ref TomlCursor cursor, int depth, List<TomlKey> path)
    {
        if (depth > TomlParser.MaxDepth)
        {
            throw cursor.Error($"values are nested more than {TomlParser.MaxDepth} deep");
        }

        switch (cursor.Current)
        {
            case '"' or '\'':
                return new TomlValue(cursor.Here(), TomlKind.String, TomlStrings.Read(ref cursor));
            case '[':
                return ReadArray(ref cursor, depth, path);
            case '{':
                return ReadInlineTable(ref cursor, depth, path);
            default:
                return TomlScalars.Read(ref cursor);
        }
    }

    private static TomlArray ReadArray(ref TomlCursor cursor, int depth, List<TomlKey> path)
    {
        var array = new TomlArray(cursor.Here(), isArrayOfTables: false);
        cursor.Advance(1);
        while (true)
        {
            cursor.SkipToContent();
            if (cursor.TryTake((byte)']'))
            {
                return array;
            }

            ExpectMore(ref cursor, array);
            array.Add(Read(ref cursor, depth + 1, path));
            cursor.SkipToContent();
            if (!cursor.TryTake((byte)',') && cursor.Current != ']')
            {
                throw cursor.Error($"',' or ']' was expected in the list begun on line {array.Line}, found {cursor.DescribeCurrent()}");
            }
        }
    }

    private static void ExpectMore(ref TomlCursor cursor, TomlArray array)
    {
        if (cursor.Current == TomlCursor.End)
        {
            throw cursor.Error($"the list begun on line {array.Line} is not closed: its ']' is missing");
        }
    }

    private static TomlTable ReadInlineTable(ref TomlCursor cursor, int depth, List<TomlKey> path)
    {
        var table = new TomlTable(cursor.Here(), TomlTableOrigin.Inline, depth);
        cursor.Advance(1);
        cursor.SkipBlanks();
        if (cursor.TryTake((byte)'}'))
        {
            return table;
        }

        do
        {
            cursor.SkipBlanks();
            ExpectSameLine(ref cursor);
            ReadKeyValue(ref cursor, table, path);
            cursor.SkipBlanks();
        }
        while (cursor.TryTake((byte)','));

        ExpectSameLine(ref cursor);
        return cursor.TryTake((byte)'}')
            ? table
            : throw cursor.Error($"',' or '}}' was expected in the inline table, found {cursor.DescribeCurrent()}");
    }

    private static void ExpectSameLine(ref TomlCursor cursor)
    {
        if (cursor.AtNewLine || cursor.Current == TomlCursor.End)
        {
            throw cursor.Error("the inline table is not closed: its '}' is missing, and it stands on one line");
        }
    }

    /// <summary><c>key = value</c>, added where the key says, below <paramref name="table"/>.</summary>
    public static void ReadKeyValue(ref TomlCursor cursor, TomlTable table, List<TomlKey> path)
    {
        TomlKeys.ReadPath(ref cursor, path);
        if (!cursor.TryTake((byte)'='))
        {
            throw cursor.Error($"'=' was expected after the key, found {cursor.DescribeCurrent()}");
        }

        var parent = TomlDefinitions.ParentForValue(table, path);
        var key = path[^1];
        cursor.SkipBlanks();
        parent.Add(key, Read(ref cursor, parent.Depth + 1, path));
    }
}
