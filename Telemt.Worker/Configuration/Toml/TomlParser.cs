using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Telemt.Worker.Configuration.Toml;

/// <summary>Reads TOML 1.0 (https://toml.io/en/v1.0.0) into a tree that keeps order and positions. Time and memory are linear in the text.</summary>
internal static class TomlParser
{
    /// <summary>Levels of tables, lists and dotted keys below the root; whoever walks a tree may recurse.</summary>
    public const int MaxDepth = 100;

    /// <param name="utf8">The whole file; a leading BOM is skipped.</param>
    /// <exception cref="TomlException">The first mistake in the text. No other exception.</exception>
    public static TomlTable Parse(ReadOnlySpan<byte> utf8)
    {
        utf8 = utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        CheckEncoding(utf8);

        var cursor = new TomlCursor(utf8);
        var path = new List<TomlKey>();
        var root = new TomlTable(cursor.Here(), TomlTableOrigin.Root, depth: 0);
        var table = root;
        for (cursor.SkipToContent(); cursor.Current != TomlCursor.End; cursor.SkipToContent())
        {
            if (cursor.Current == '[')
            {
                table = ReadHeader(ref cursor, root, path);
                cursor.ExpectEndOfLine("the header");
            }
            else
            {
                TomlValues.ReadKeyValue(ref cursor, table, path);
                cursor.ExpectEndOfLine("the value");
            }
        }

        return root;
    }

    private static TomlTable ReadHeader(ref TomlCursor cursor, TomlTable root, List<TomlKey> path)
    {
        var position = cursor.Here();
        cursor.Advance(1);
        var isElement = cursor.TryTake((byte)'[');
        TomlKeys.ReadPath(ref cursor, path);
        var closed = cursor.Rest.StartsWith(isElement ? "]]"u8 : "]"u8);
        if (!closed)
        {
            throw cursor.Error($"'{(isElement ? "]]" : "]")}' was expected after the table's name, found {cursor.DescribeCurrent()}");
        }

        cursor.Advance(isElement ? 2 : 1);
        return isElement ? TomlDefinitions.OpenElement(root, path, position) : TomlDefinitions.OpenTable(root, path, position);
    }

    /// <summary>Checked once for the whole text, so that nothing below meets a broken character.</summary>
    private static void CheckEncoding(ReadOnlySpan<byte> utf8)
    {
        if (Utf8.IsValid(utf8))
        {
            return;
        }

        var cursor = new TomlCursor(utf8);
        while (Rune.DecodeFromUtf8(cursor.Rest, out _, out var length) == OperationStatus.Done)
        {
            if (!cursor.TryTakeNewLine())
            {
                cursor.Advance(length);
            }
        }

        throw cursor.Error(utf8.Length > 1 && utf8[0] + utf8[1] == 0xFF + 0xFE
            ? "the file is UTF-16; save it as UTF-8"
            : "the file is not UTF-8: a broken character stands here");
    }
}
