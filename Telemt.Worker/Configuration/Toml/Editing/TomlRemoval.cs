namespace Telemt.Worker.Configuration.Toml.Editing;

/// <summary>Which bytes go with a key or a table.</summary>
internal static class TomlRemoval
{
    /// <returns>In the order of the text, none over another.</returns>
    public static List<TextEdit> Of(byte[] text, List<TomlSpan> spans, ReadOnlySpan<string> path)
    {
        var gone = new bool[spans.Count];
        var edits = new List<TextEdit>();
        for (var i = 0; i < spans.Count; i++)
        {
            var span = spans[i];
            if (span.Owner >= 0 && gone[span.Owner])
            {
                // Goes with its header or its braces.
                gone[i] = true;
                continue;
            }

            gone[i] = span.IsBelow(path);
            if (gone[i])
            {
                switch (span.Kind)
                {
                    case TomlSpanKind.Header:
                        edits.Add(Section(text, spans, i));
                        break;
                    case TomlSpanKind.Pair:
                        edits.Add(Lines(text, span.Start, span.End));
                        break;
                }
            }
        }

        // An item that goes while its braces stay takes its comma along; of several, each run at once.
        foreach (var owner in spans.Where((span, i) => gone[i] && span.Kind == TomlSpanKind.Item && !gone[span.Owner]).Select(span => span.Owner).Distinct())
        {
            edits.Add(Braces(text, spans, owner, gone));
        }

        edits.Sort(static (one, other) => one.Start.CompareTo(other.Start));
        return edits;
    }

    private static TextEdit Section(byte[] text, List<TomlSpan> spans, int header)
    {
        var last = spans.FindLast(span => span.Kind == TomlSpanKind.Pair && span.Owner == header) ?? spans[header];
        var edit = Lines(text, spans[header].Start, last.End);

        // Of the blank lines above and below one is enough.
        var above = text.AsSpan(0, edit.Start);
        var below = text.AsSpan(edit.End);
        var blank = EndsWithBlankLine(above) ? LengthOfBlankLine(below) : 0;
        if (blank > 0)
        {
            return edit with { End = edit.End + blank };
        }

        return below.IsEmpty && EndsWithBlankLine(above) ? edit with { Start = edit.Start - (above.EndsWith("\r\n"u8) ? 2 : 1) } : edit;
    }

    /// <summary>A last line without an end takes the end of the line above, so that the new last line is without one too.</summary>
    private static TextEdit Lines(byte[] text, int start, int end)
    {
        if (end == text.Length && start > 0 && text[end - 1] != '\n' && text[start - 1] == '\n')
        {
            start -= start > 1 && text[start - 2] == '\r' ? 2 : 1;
        }

        return new(start, end, "");
    }

    /// <summary>The inline table without the items that go. What is between the others stays as it is.</summary>
    private static TextEdit Braces(byte[] text, List<TomlSpan> spans, int owner, bool[] gone)
    {
        var items = new List<(TomlSpan Span, bool Gone)>();
        for (var i = owner + 1; i < spans.Count; i++)
        {
            if (spans[i].Kind == TomlSpanKind.Item && spans[i].Owner == owner)
            {
                items.Add((spans[i], gone[i]));
            }
        }

        var (start, end) = (spans[owner].ValueStart, spans[owner].ValueEnd);
        if (items.TrueForAll(item => item.Gone))
        {
            return new(start, end, "{}");
        }

        // A kept item brings what stands between it and the one before; the first brings the brace.
        var rest = Text(text, start, items[0].Span.Start);
        var isFirst = true;
        for (var i = 0; i < items.Count; i++)
        {
            if (!items[i].Gone)
            {
                var from = isFirst ? items[i].Span.Start : items[i - 1].Span.End;
                rest += Text(text, from, items[i].Span.End);
                isFirst = false;
            }
        }

        return new(start, end, rest + Text(text, items[^1].Span.End, end));
    }

    private static string Text(byte[] text, int start, int end) => System.Text.Encoding.UTF8.GetString(text, start, end - start);

    private static bool EndsWithBlankLine(ReadOnlySpan<byte> text) => text.EndsWith("\n\n"u8) || text.EndsWith("\n\r\n"u8);

    private static int LengthOfBlankLine(ReadOnlySpan<byte> text) => text.StartsWith("\r\n"u8) ? 2 : text.StartsWith("\n"u8) ? 1 : 0;
}
