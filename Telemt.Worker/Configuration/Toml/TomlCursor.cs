using System.Buffers;
using System.Text;

namespace Telemt.Worker.Configuration.Toml;

/// <summary>
/// Where the parser stands in the text: looks ahead, moves, counts lines and columns, and words its errors. The text is valid UTF-8.
/// Columns are counted from the place last asked for, so that a million values on one line cost one walk, not a million.
/// </summary>
internal ref struct TomlCursor(ReadOnlySpan<byte> text)
{
    /// <summary>What <see cref="Current"/> is past the last byte.</summary>
    public const int End = -1;

    private static readonly SearchValues<byte> CommentStops = SearchValues.Create(Controls);

    private readonly ReadOnlySpan<byte> _text = text;
    private int _line = 1;
    private int _column = 1;
    private int _columnAt;
    private int _position;

    /// <summary>What may not stand in a comment or a string as it is: the controls (line ends among them) but the tab.</summary>
    public static ReadOnlySpan<byte> Controls =>
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127];

    /// <summary>The byte here, or <see cref="End"/>.</summary>
    public readonly int Current => _position < _text.Length ? _text[_position] : End;

    public readonly ReadOnlySpan<byte> Rest => _text[_position..];

    public readonly bool AtNewLine => Current == '\n' || Rest.StartsWith("\r\n"u8);

    /// <summary>Steps over bytes that hold no line end.</summary>
    public void Advance(int count) => _position += count;

    public bool TryTake(byte wanted)
    {
        if (Current != wanted)
        {
            return false;
        }

        _position++;
        return true;
    }

    public bool TryTakeNewLine()
    {
        if (!AtNewLine)
        {
            return false;
        }

        _position += Current == '\n' ? 1 : 2;
        _line++;
        _column = 1;
        _columnAt = _position;
        return true;
    }

    public void SkipBlanks()
    {
        var blanks = Rest.IndexOfAnyExcept((byte)' ', (byte)'\t');
        _position = blanks < 0 ? _text.Length : _position + blanks;
    }

    /// <summary>Blanks, comments and line ends: what may stand between two statements, and between the items of an array.</summary>
    public void SkipToContent()
    {
        do
        {
            SkipBlanks();
            SkipComment();
        }
        while (TryTakeNewLine());
    }

    /// <summary>The line must hold nothing more but a comment.</summary>
    /// <param name="after">What the line was complete with, for the message.</param>
    public void ExpectEndOfLine(string after)
    {
        SkipBlanks();
        SkipComment();
        if (!TryTakeNewLine() && Current != End)
        {
            throw Error($"the line should end after {after}, found {DescribeCurrent()}");
        }
    }

    /// <summary>The position here. Asked only forwards.</summary>
    public TomlPosition Here()
    {
        foreach (var b in _text[_columnAt.._position])
        {
            // The second and further bytes of a character begin with the bits 10.
            _column += (b & 0xC0) == 0x80 ? 0 : 1;
        }

        _columnAt = _position;
        return new TomlPosition(_line, _column);
    }

    public TomlException Error(string message) => new(Here(), message);

    /// <summary>The character here in words. One character only: it may be part of a secret.</summary>
    public readonly string DescribeCurrent()
    {
        if (Current == End)
        {
            return "the end of the file";
        }

        if (AtNewLine)
        {
            return "the end of the line";
        }

        if (Current == '\r')
        {
            return "a carriage return without a line feed";
        }

        Rune.DecodeFromUtf8(Rest, out var rune, out _);
        return TomlKey.IsVisible(rune) ? $"'{rune}'" : $"the character U+{rune.Value:X4}";
    }

    /// <summary>Takes the bytes before the first of <paramref name="stops"/>, or all.</summary>
    public ReadOnlySpan<byte> TakeUntil(SearchValues<byte> stops)
    {
        var rest = Rest;
        var length = rest.IndexOfAny(stops);
        rest = length < 0 ? rest : rest[..length];
        _position += rest.Length;
        return rest;
    }

    private void SkipComment()
    {
        if (Current != '#')
        {
            return;
        }

        TakeUntil(CommentStops);
        if (Current != End && !AtNewLine)
        {
            throw Error($"{DescribeCurrent()} may not stand in a comment");
        }
    }
}
