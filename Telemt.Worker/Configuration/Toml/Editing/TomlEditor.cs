using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Telemt.Worker.Configuration.Toml.Editing;

/// <summary>
/// Changes single values of a TOML document and leaves every other byte as it is: comments, order, blanks, line ends. A key goes where
/// a person would put it: below its neighbours, in the form that they have (lines, dotted keys, or an inline table).
/// </summary>
internal sealed class TomlEditor
{
    private byte[] _text;
    private TomlTable _root;

    /// <exception cref="TomlException">The text is not TOML.</exception>
    public TomlEditor(ReadOnlySpan<byte> text)
    {
        _text = text.ToArray();
        _root = TomlParser.Parse(text);
    }

    public ReadOnlySpan<byte> Text => _text;

    public TomlTable Root => _root;

    public bool TryFind(ReadOnlySpan<string> path, [NotNullWhen(true)] out TomlNode? node)
    {
        node = _root;
        foreach (var name in path)
        {
            if (node is not TomlTable table || !table.TryGet(name, out node))
            {
                node = null;
                return false;
            }
        }

        return true;
    }

    /// <summary>The text of a value as it stands; null when there is none at the path.</summary>
    public string? Source(params ReadOnlySpan<string> path)
    {
        foreach (var span in TomlLayout.Of(_text))
        {
            if (span.Kind != TomlSpanKind.Header && !span.IsInList && span.Is(path))
            {
                return Encoding.UTF8.GetString(_text, span.ValueStart, span.ValueEnd - span.ValueStart);
            }
        }

        return null;
    }

    /// <summary>Gives a key a value, whether it is there or not.</summary>
    /// <exception cref="TomlEditException">The path leads through a value or a list of tables, or to a table.</exception>
    public void Set(ReadOnlySpan<string> path, TomlLiteral value) => SetText(path, value.Text);

    /// <param name="value">TOML: a value in one line.</param>
    public void SetText(ReadOnlySpan<string> path, string value)
    {
        var spans = TomlLayout.Of(_text);
        var target = Target(path, out var depth);
        var edit = depth == path.Length
            ? Replacement(spans, path, target, value)
            : new TomlInsertion(_text, spans, target as TomlTable ?? throw NoTable(path[..depth]), depth).For(path, value);
        Apply([edit]);
    }

    /// <summary>Takes a key out, or a whole table with everything below it. Comments go only with the lines that they stand in or between.</summary>
    /// <returns>False when there is nothing at the path.</returns>
    public bool Remove(params ReadOnlySpan<string> path)
    {
        if (!TryFind(path, out _))
        {
            return false;
        }

        Apply(TomlRemoval.Of(_text, TomlLayout.Of(_text), path));
        return true;
    }

    /// <summary>The deepest node that the path reaches, and how many of its names lead there.</summary>
    private TomlNode Target(ReadOnlySpan<string> path, out int depth)
    {
        TomlNode node = _root;
        for (depth = 0; depth < path.Length; depth++)
        {
            if (node is not TomlTable table || !table.TryGet(path[depth], out var next))
            {
                break;
            }

            node = next;
        }

        return node;
    }

    private static TextEdit Replacement(List<TomlSpan> spans, ReadOnlySpan<string> path, TomlNode target, string value)
    {
        foreach (var span in spans)
        {
            if (span.Kind != TomlSpanKind.Header && !span.IsInList && span.Is(path))
            {
                return new(span.ValueStart, span.ValueEnd, value);
            }
        }

        throw new TomlEditException($"{Show(path)} is a {(target is TomlArray ? "list of tables" : "table")}, not a value (line {target.Line})");
    }

    private static TomlEditException NoTable(ReadOnlySpan<string> path) => new($"{Show(path)} is not a table: nothing can be put into it");

    private static string Show(ReadOnlySpan<string> path) => TomlKey.Show(string.Join('.', path));

    /// <param name="edits">In the order of the text, none over another.</param>
    private void Apply(IReadOnlyList<TextEdit> edits)
    {
        var text = new MemoryStream(_text.Length + 256);
        var from = 0;
        foreach (var edit in edits)
        {
            text.Write(_text, from, edit.Start - from);
            text.Write(Encoding.UTF8.GetBytes(edit.Text));
            from = edit.End;
        }

        text.Write(_text, from, _text.Length - from);
        var result = text.ToArray();

        // A mistake of ours must not reach the file: what does not parse throws here.
        _root = TomlParser.Parse(result);
        _text = result;
    }
}
