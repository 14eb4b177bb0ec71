using System.Buffers;
using System.Globalization;
using System.Text;

namespace Telemt.Worker.Configuration.Toml;

/// <summary>What a backslash begins in a basic string.</summary>
internal static class TomlEscapes
{
    /// <summary>Appends the character that the escape here stands for.</summary>
    public static void Read(ref TomlCursor cursor, ArrayBufferWriter<byte> built)
    {
        var rest = cursor.Rest;
        var letter = rest.Length > 1 ? rest[1] : 0;
        switch (letter)
        {
            case 'b': Append(ref cursor, built, (byte)'\b'); break;
            case 't': Append(ref cursor, built, (byte)'\t'); break;
            case 'n': Append(ref cursor, built, (byte)'\n'); break;
            case 'f': Append(ref cursor, built, (byte)'\f'); break;
            case 'r': Append(ref cursor, built, (byte)'\r'); break;
            case '"': Append(ref cursor, built, (byte)'"'); break;
            case '\\': Append(ref cursor, built, (byte)'\\'); break;
            case 'u': AppendRune(ref cursor, built, 4); break;
            case 'U': AppendRune(ref cursor, built, 8); break;
            default:
                throw cursor.Error(@"unknown escape: after \ follows one of b t n f r "" \ uXXXX UXXXXXXXX; for a plain \ write \\ or use 'quotes'");
        }
    }

    /// <summary>In a multi-line string a backslash at the line's end swallows it, and all blanks and line ends up to the next text.</summary>
    public static bool TrySkipLineEnd(ref TomlCursor cursor)
    {
        var ahead = cursor;
        ahead.Advance(1);
        ahead.SkipBlanks();
        if (!ahead.TryTakeNewLine())
        {
            return false;
        }

        do
        {
            ahead.SkipBlanks();
        }
        while (ahead.TryTakeNewLine());
        cursor = ahead;
        return true;
    }

    private static void Append(ref TomlCursor cursor, ArrayBufferWriter<byte> built, byte value)
    {
        built.Write([value]);
        cursor.Advance(2);
    }

    private static void AppendRune(ref TomlCursor cursor, ArrayBufferWriter<byte> built, int digits)
    {
        var rest = cursor.Rest[2..];
        if (rest.Length < digits || rest[..digits].ContainsAnyExcept(TomlNumbers.HexDigits))
        {
            throw cursor.Error($@"the escape \{(char)cursor.Rest[1]} needs {digits} hex digits");
        }

        var value = uint.Parse(rest[..digits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if (!Rune.TryCreate(value, out var rune))
        {
            throw cursor.Error($"the escape names no Unicode character: U+{value:X4}");
        }

        built.Advance(rune.EncodeToUtf8(built.GetSpan(4)));
        cursor.Advance(2 + digits);
    }
}
