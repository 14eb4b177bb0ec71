namespace Telemt.Worker.Configuration.Toml.Editing;

/// <summary>Finds where each statement of a valid document stands, in the order of the text.</summary>
internal sealed class TomlLayout
{
    private readonly List<TomlSpan> _spans = [];
    private readonly List<string[]> _lists = [];
    private readonly List<TomlKey> _scratch = [];
    private readonly int _length;

    private TomlLayout(int length) => _length = length;

    /// <param name="text">What <see cref="TomlParser"/> accepts.</param>
    public static List<TomlSpan> Of(ReadOnlySpan<byte> text)
    {
        var layout = new TomlLayout(text.Length);
        layout.Read(text);
        return layout._spans;
    }

    private void Read(ReadOnlySpan<byte> text)
    {
        var cursor = new TomlCursor(text.StartsWith("\uFEFF"u8) ? text[3..] : text);
        var header = -1;
        for (cursor.SkipToContent(); cursor.Current != TomlCursor.End; cursor.SkipToContent())
        {
            var at = At(ref cursor);
            var line = LineStart(text, at);
            if (cursor.Current == '[')
            {
                header = ReadHeader(ref cursor, at, line);
            }
            else
            {
                ReadPair(ref cursor, header, line);
            }
        }
    }

    private int ReadHeader(ref TomlCursor cursor, int at, int line)
    {
        cursor.Advance(1);
        var isElement = cursor.TryTake((byte)'[');
        TomlKeys.ReadPath(ref cursor, _scratch);
        string[] path = [.. _scratch.Select(key => key.Name)];
        cursor.Advance(isElement ? 2 : 1);
        var end = At(ref cursor);
        cursor.ExpectEndOfLine("the header");
        if (isElement && !_lists.Exists(list => path.AsSpan().SequenceEqual(list)))
        {
            _lists.Add(path);
        }

        var isInList = _lists.Exists(list => path.AsSpan().StartsWith(list));
        _spans.Add(new(TomlSpanKind.Header, path, -1, line, At(ref cursor), at, end, IsInline: false, isInList));
        return _spans.Count - 1;
    }

    private void ReadPair(ref TomlCursor cursor, int header, int line)
    {
        var place = _spans.Count;
        var (path, value, isInline) = ReadKeyValue(ref cursor, header, place);
        var end = At(ref cursor);
        cursor.ExpectEndOfLine("the value");
        _spans[place] = new(TomlSpanKind.Pair, path, header, line, At(ref cursor), value, end, isInline, IsInList(header));
    }

    /// <summary>Takes the place for the span at once, so that owners come before what they own.</summary>
    private (string[] Path, int ValueStart, bool IsInline) ReadKeyValue(ref TomlCursor cursor, int owner, int place)
    {
        TomlKeys.ReadPath(ref cursor, _scratch);
        string[] path = [.. owner < 0 ? [] : _spans[owner].Path, .. _scratch.Select(key => key.Name)];
        cursor.Advance(1);
        cursor.SkipBlanks();
        var value = At(ref cursor);
        var isInline = cursor.Current == '{';
        _spans.Add(new(TomlSpanKind.Item, path, owner, 0, 0, value, 0, isInline, IsInList(owner)));
        if (isInline)
        {
            ReadItems(ref cursor, place);
        }
        else
        {
            TomlValues.Read(ref cursor, depth: 1, _scratch);
        }

        return (path, value, isInline);
    }

    private void ReadItems(ref TomlCursor cursor, int owner)
    {
        cursor.Advance(1);
        cursor.SkipBlanks();
        while (!cursor.TryTake((byte)'}'))
        {
            var place = _spans.Count;
            var at = At(ref cursor);
            var (path, value, isInline) = ReadKeyValue(ref cursor, owner, place);
            var end = At(ref cursor);
            _spans[place] = new(TomlSpanKind.Item, path, owner, at, end, value, end, isInline, IsInList(owner));
            cursor.SkipBlanks();
            cursor.TryTake((byte)',');
            cursor.SkipBlanks();
        }
    }

    private bool IsInList(int owner) => owner >= 0 && _spans[owner].IsInList;

    private int At(ref TomlCursor cursor) => _length - cursor.Rest.Length;

    private static int LineStart(ReadOnlySpan<byte> text, int at)
    {
        var start = text[..at].LastIndexOf((byte)'\n') + 1;
        return start == 0 && text.StartsWith("\uFEFF"u8) ? 3 : start;
    }
}
