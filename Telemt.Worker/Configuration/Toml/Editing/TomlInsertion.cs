using System.Text;

namespace Telemt.Worker.Configuration.Toml.Editing;

/// <summary>Finds the place and the form for a key that is not there yet.</summary>
/// <param name="table">The nearest table that is there.</param>
/// <param name="depth">How many names of the path lead to it.</param>
internal sealed class TomlInsertion(byte[] text, List<TomlSpan> spans, TomlTable table, int depth)
{
    public TextEdit For(ReadOnlySpan<string> path, string value)
    {
        return table.Origin switch
        {
            TomlTableOrigin.Inline => IntoBraces(path, value),
            TomlTableOrigin.Dotted => BesideDotted(path, value),
            _ when path.Length > depth + 1 => WithHeader(path, value),
            TomlTableOrigin.Implicit => AboveChildren(path, value),
            _ => IntoSection(path, value),
        };
    }

    private TextEdit IntoBraces(ReadOnlySpan<string> path, string value)
    {
        var owner = IndexOfLast(path[..depth], static (span, table) => span.IsInline && span.Is(table));
        if (owner < 0)
        {
            // { a.b = 1 } makes "a" a table of dotted keys; only a list's items are out of reach.
            throw new TomlEditException($"{TomlKey.Show(string.Join('.', path))} lies in a list");
        }

        var item = Dotted(path, depth, value);
        var last = spans.FindLast(span => span.Kind == TomlSpanKind.Item && span.Owner == owner);
        if (last is not null)
        {
            return Insert(last.End, ", " + item);
        }

        var (start, end) = (spans[owner].ValueStart, spans[owner].ValueEnd);
        return new(start, end, $"{{ {item} }}");
    }

    /// <summary>Dotted keys made the table, so dotted keys go on with it, in the section or the braces that hold them.</summary>
    private TextEdit BesideDotted(ReadOnlySpan<string> path, string value)
    {
        var last = IndexOfLast(path[..depth], (span, prefix) => span.Kind != TomlSpanKind.Header && span.IsBelow(prefix) && OwnerDepth(span) < prefix.Length);
        var neighbour = spans[last];
        var from = OwnerDepth(neighbour);
        var line = Dotted(path, from, value);
        return neighbour.Kind == TomlSpanKind.Item
            ? Insert(neighbour.End, ", " + line)
            : AfterLine(neighbour, line);
    }

    private TextEdit IntoSection(ReadOnlySpan<string> path, string value)
    {
        var line = Dotted(path, depth, value);
        var header = depth == 0 ? -1 : IndexOfLast(path[..depth], static (span, table) => span.Kind == TomlSpanKind.Header && !span.IsInList && span.Is(table));
        if (spans.FindLast(span => span.Kind == TomlSpanKind.Pair && span.Owner == header) is { } last)
        {
            return AfterLine(last, line);
        }

        if (header >= 0)
        {
            return AfterLine(spans[header], line);
        }

        // The root has no key yet: above the first table, or at the end of a file of comments.
        return spans.Count > 0 ? Insert(BlockStart(spans[0].Start), line + NewLine + NewLine) : AtEnd(line);
    }

    /// <summary>[a.b] made the table "a"; its own header goes before it.</summary>
    private TextEdit AboveChildren(ReadOnlySpan<string> path, string value)
    {
        var prefix = path[..depth];
        foreach (var span in spans)
        {
            if (span.IsBelow(prefix))
            {
                var section = $"[{Name(prefix)}]{NewLine}{Dotted(path, depth, value)}{NewLine}{NewLine}";
                return Insert(BlockStart(span.Start), section);
            }
        }

        throw new InvalidOperationException("A table that only its children make has a child.");
    }

    /// <summary>A table of its own, below its relatives or at the end.</summary>
    private TextEdit WithHeader(ReadOnlySpan<string> path, string value)
    {
        var section = $"[{Name(path[..^1])}]{NewLine}{TomlLiteral.Key(path[^1])} = {value}";
        var last = depth == 0 ? -1 : IndexOfLast(path[..depth], static (span, prefix) => span.Kind != TomlSpanKind.Item && span.IsBelow(prefix));
        if (last < 0 || last == spans.FindLastIndex(span => span.Kind != TomlSpanKind.Item))
        {
            return AtEnd((text.Length > 0 ? NewLine : "") + section);
        }

        var at = spans[last].End;
        var isBlankBelow = Line(at).Trim(" \t\r\n"u8).IsEmpty;
        return Insert(at, NewLine + section + NewLine + (isBlankBelow ? "" : NewLine));
    }

    private TextEdit AfterLine(TomlSpan neighbour, string line)
    {
        var indent = Line(neighbour.Start);
        indent = indent[..indent.IndexOfAnyExcept((byte)' ', (byte)'\t')];
        line = Encoding.UTF8.GetString(indent) + line;
        return neighbour.End > 0 && text[neighbour.End - 1] == '\n'
            ? Insert(neighbour.End, line + NewLine)
            : Insert(neighbour.End, NewLine + line);
    }

    /// <summary>The last line keeps its habit: with a line end or without.</summary>
    private TextEdit AtEnd(string lines)
    {
        var isOpen = text.Length > 0 && text[^1] != '\n';
        return Insert(text.Length, isOpen ? NewLine + lines : lines + NewLine);
    }

    /// <summary>Where the comments begin that stand right above a line, without a blank line between.</summary>
    private int BlockStart(int line)
    {
        while (line > 0)
        {
            var above = text.AsSpan(0, line - 1).LastIndexOf((byte)'\n') + 1;
            if (!Line(above).TrimStart(" \t"u8).StartsWith("#"u8))
            {
                break;
            }

            line = above;
        }

        return line;
    }

    private string NewLine
    {
        get
        {
            var first = Array.IndexOf(text, (byte)'\n');
            return first > 0 && text[first - 1] == '\r' ? "\r\n" : "\n";
        }
    }

    private ReadOnlySpan<byte> Line(int start)
    {
        var rest = text.AsSpan(start);
        var end = rest.IndexOf((byte)'\n');
        return end < 0 ? rest : rest[..(end + 1)];
    }

    private int OwnerDepth(TomlSpan span) => span.Owner < 0 ? 0 : spans[span.Owner].Path.Length;

    private int IndexOfLast(ReadOnlySpan<string> path, Func<TomlSpan, string[], bool> isWanted)
    {
        var wanted = path.ToArray();
        return spans.FindLastIndex(span => isWanted(span, wanted));
    }

    private static TextEdit Insert(int at, string what) => new(at, at, what);

    private static string Dotted(ReadOnlySpan<string> path, int from, string value) => $"{Name(path[from..])} = {value}";

    private static string Name(ReadOnlySpan<string> path) => string.Join('.', path.ToArray().Select(TomlLiteral.Key));
}
