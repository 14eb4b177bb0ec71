using System.Buffers;
using System.Text;

namespace Telemt.Worker.Configuration.Toml;

/// <summary>Reads the four kinds of string: basic and literal, each on one line or in three quotes over several.</summary>
internal static class TomlStrings
{
    // What ends a run of bytes that stand for themselves.
    private static readonly SearchValues<byte> BasicStops = SearchValues.Create([(byte)'"', (byte)'\\', .. TomlCursor.Controls]);
    private static readonly SearchValues<byte> LiteralStops = SearchValues.Create([(byte)'\'', .. TomlCursor.Controls]);

    /// <summary>A value: one or three quotes.</summary>
    public static string Read(ref TomlCursor cursor)
    {
        return IsTripled(ref cursor) ? ReadMultiLine(ref cursor) : ReadOneLine(ref cursor);
    }

    /// <summary>A key, or a value in single or double quotes.</summary>
    public static string ReadOneLine(ref TomlCursor cursor)
    {
        if (IsTripled(ref cursor))
        {
            throw cursor.Error("a string in three quotes cannot be a key");
        }

        var quote = (byte)cursor.Current;
        cursor.Advance(1);
        ArrayBufferWriter<byte>? built = null;
        while (true)
        {
            var plain = TakePlain(ref cursor, quote);
            if (cursor.TryTake(quote))
            {
                // Almost every string is one run without escapes, and needs no buffer.
                return built is null ? Encoding.UTF8.GetString(plain) : Finish(built, plain);
            }

            if (cursor.Current != '\\')
            {
                throw NotClosed(ref cursor, quote, "string");
            }

            built ??= new ArrayBufferWriter<byte>();
            built.Write(plain);
            TomlEscapes.Read(ref cursor, built);
        }
    }

    private static bool IsTripled(ref TomlCursor cursor)
    {
        return cursor.Rest.StartsWith("\"\"\""u8) || cursor.Rest.StartsWith("'''"u8);
    }

    private static string ReadMultiLine(ref TomlCursor cursor)
    {
        var quote = (byte)cursor.Current;
        cursor.Advance(3);
        cursor.TryTakeNewLine();
        var built = new ArrayBufferWriter<byte>();
        while (true)
        {
            built.Write(TakePlain(ref cursor, quote));
            if (cursor.Current == quote)
            {
                if (TakeQuotes(ref cursor, quote, built))
                {
                    return Finish(built, []);
                }
            }
            else if (cursor.TryTakeNewLine())
            {
                built.Write("\n"u8);
            }
            else if (cursor.Current != '\\')
            {
                throw NotClosed(ref cursor, quote, "multi-line string");
            }
            else if (!TomlEscapes.TrySkipLineEnd(ref cursor))
            {
                TomlEscapes.Read(ref cursor, built);
            }
        }
    }

    /// <summary>
    /// A run of quotes: up to two are text, three close, and up to two before the closing three are text as well. True at the close.
    /// </summary>
    private static bool TakeQuotes(ref TomlCursor cursor, byte quote, ArrayBufferWriter<byte> built)
    {
        var run = cursor.Rest.IndexOfAnyExcept(quote);
        run = Math.Min(run < 0 ? cursor.Rest.Length : run, 5);
        var text = run < 3 ? run : run - 3;
        built.Write(cursor.Rest[..text]);
        cursor.Advance(run);
        return run >= 3;
    }

    private static ReadOnlySpan<byte> TakePlain(ref TomlCursor cursor, byte quote)
    {
        return cursor.TakeUntil(quote == '"' ? BasicStops : LiteralStops);
    }

    private static string Finish(ArrayBufferWriter<byte> built, ReadOnlySpan<byte> tail)
    {
        built.Write(tail);
        return Encoding.UTF8.GetString(built.WrittenSpan);
    }

    private static TomlException NotClosed(ref TomlCursor cursor, byte quote, string what)
    {
        return cursor.Current == TomlCursor.End || cursor.AtNewLine
            ? cursor.Error($"the {what} is not closed: its {(char)quote} is missing before {cursor.DescribeCurrent()}")
            : cursor.Error($"{cursor.DescribeCurrent()} may not stand in a string{(quote == '"' ? "; write it as an escape" : "")}");
    }
}
