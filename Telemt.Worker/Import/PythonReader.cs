using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Telemt.Worker.Configuration.Toml;

namespace Telemt.Worker.Import;

/// <summary>A cursor over Python text that knows literals: whole numbers, strings, True, False, None, lists, tuples and dicts.</summary>
internal sealed class PythonReader(string text)
{
    private const int MaxDepth = 32;

    private int _at;
    private int _line = 1;
    private int _statement;

    /// <summary>Of the statement, 1-based.</summary>
    public int Line { get; private set; }

    private char Current => _at < text.Length ? text[_at] : '\0';

    /// <summary>Goes to the next line that begins a statement at the margin.</summary>
    public bool TryNextStatement()
    {
        while (_at < text.Length)
        {
            if (Current is ' ' or '\t' or '#' or '\r' or '\n')
            {
                SkipLine();
                continue;
            }

            (Line, _statement) = (_line, _at);
            return true;
        }

        return false;
    }

    /// <param name="value">Null for None.</param>
    public bool TryAssignment([NotNullWhen(true)] out string? name, out TomlNode? value)
    {
        value = null;
        name = Name();
        SkipSpace(overLines: false);
        if (name is null || Current != '=' || (_at + 1 < text.Length && text[_at + 1] == '='))
        {
            return false;
        }

        _at++;
        SkipSpace(overLines: false);
        if (!TryValue(0, out value))
        {
            return false;
        }

        SkipSpace(overLines: false);
        if (Current is not ('\0' or '#' or '\r' or '\n'))
        {
            return false;
        }

        SkipLine();
        return true;
    }

    /// <summary>Passes over the statement: its brackets and strings to their ends, and what is indented below it.</summary>
    public void SkipStatement()
    {
        (_at, _line) = (_statement, Line);
        var depth = 0;
        while (_at < text.Length)
        {
            switch (Current)
            {
                case '#':
                    SkipComment();
                    continue;
                case '"' or '\'':
                    SkipString();
                    continue;
                case '(' or '[' or '{':
                    depth++;
                    break;
                case ')' or ']' or '}':
                    depth--;
                    break;
                case '\\' when _at + 1 < text.Length && text[_at + 1] is '\n' or '\r':
                    _at++;
                    SkipLine();
                    continue;
                case '\n' when depth <= 0:
                    SkipLine();
                    return;
            }

            Advance();
        }
    }

    private bool TryValue(int depth, out TomlNode? value)
    {
        var position = new TomlPosition(_line, 1);
        value = null;
        switch (Current)
        {
            case '"' or '\'':
                return TryString(out var content) && Done(out value, new TomlValue(position, TomlKind.String, content));
            case '[' when depth < MaxDepth:
                return TryList(']', position, depth, out value);
            case '(' when depth < MaxDepth:
                return TryList(')', position, depth, out value);
            case '{' when depth < MaxDepth:
                return TryDict(position, depth, out value);
            case '-' or (>= '0' and <= '9'):
                return TryNumber(out var number) && Done(out value, new TomlValue(position, TomlKind.Integer, number));
        }

        return Name() switch
        {
            "True" => Done(out value, new TomlValue(position, TomlKind.Boolean, true)),
            "False" => Done(out value, new TomlValue(position, TomlKind.Boolean, false)),
            "None" => true,
            _ => false,
        };
    }

    private static bool Done(out TomlNode? value, TomlNode made)
    {
        value = made;
        return true;
    }

    private bool TryList(char end, TomlPosition position, int depth, out TomlNode? value)
    {
        var list = new TomlArray(position, isArrayOfTables: false);
        value = list;
        _at++;
        for (SkipSpace(overLines: true); Current != end; SkipSpace(overLines: true))
        {
            if (!TryValue(depth + 1, out var item) || !TrySeparator(end))
            {
                return false;
            }

            if (item is not null)
            {
                list.Add(item);
            }
        }

        _at++;
        return true;
    }

    private bool TryDict(TomlPosition position, int depth, out TomlNode? value)
    {
        var table = new TomlTable(position, TomlTableOrigin.Inline, depth + 1);
        value = table;
        _at++;
        for (SkipSpace(overLines: true); Current != '}'; SkipSpace(overLines: true))
        {
            var at = new TomlPosition(_line, 1);
            if (Current is not ('"' or '\'') || !TryString(out var key))
            {
                return false;
            }

            SkipSpace(overLines: true);
            if (Current != ':')
            {
                return false;
            }

            _at++;
            SkipSpace(overLines: true);
            if (!TryValue(depth + 1, out var item) || !TrySeparator('}') || table.TryGet(key, out _))
            {
                // Python keeps the last of two equal keys; whoever wrote two should say which is meant.
                return false;
            }

            if (item is not null)
            {
                table.Add(new TomlKey(key, at), item);
            }
        }

        _at++;
        return true;
    }

    private bool TrySeparator(char end)
    {
        SkipSpace(overLines: true);
        if (Current == ',')
        {
            _at++;
            return true;
        }

        return Current == end;
    }

    private bool TryNumber(out long number)
    {
        var start = _at;
        _at += Current == '-' ? 1 : 0;
        while (char.IsAsciiDigit(Current) || Current == '_')
        {
            _at++;
        }

        return long.TryParse(text[start.._at].Replace("_", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
            && Current is not ('.' or 'x' or 'e' or 'j');
    }

    /// <summary>One line, one piece, the usual escapes; anything more is not plain.</summary>
    private bool TryString([NotNullWhen(true)] out string? content)
    {
        content = null;
        var quote = Current;
        _at++;
        var made = new StringBuilder();
        for (; Current != quote; _at++)
        {
            var c = Current;
            if (c is '\0' or '\n' or '\r')
            {
                return false;
            }

            if (c == '\\')
            {
                _at++;
                c = Current switch { '\\' => '\\', '\'' => '\'', '"' => '"', 'n' => '\n', 't' => '\t', _ => '\0' };
                if (c == '\0')
                {
                    return false;
                }
            }

            made.Append(c);
        }

        _at++;
        content = made.ToString();

        // "" before another quote begins a longer string.
        return Current != quote || content.Length > 0;
    }

    private void SkipString()
    {
        var quote = Current;
        var isLong = _at + 2 < text.Length && text[_at + 1] == quote && text[_at + 2] == quote;
        _at += isLong ? 3 : 1;
        while (_at < text.Length)
        {
            if (Current == '\\')
            {
                Advance();
            }
            else if (!isLong && Current is '\n')
            {
                return;
            }
            else if (Current == quote && (!isLong || (_at + 2 < text.Length && text[_at + 1] == quote && text[_at + 2] == quote)))
            {
                _at += isLong ? 3 : 1;
                return;
            }

            Advance();
        }
    }

    private string? Name()
    {
        var start = _at;
        while (char.IsAsciiLetterOrDigit(Current) || Current == '_')
        {
            _at++;
        }

        return _at > start && !char.IsAsciiDigit(text[start]) ? text[start.._at] : null;
    }

    private void SkipSpace(bool overLines)
    {
        while (Current is ' ' or '\t' || (overLines && Current is '\r' or '\n' or '#'))
        {
            if (Current == '#')
            {
                SkipComment();
            }
            else
            {
                Advance();
            }
        }
    }

    private void SkipComment()
    {
        while (_at < text.Length && Current != '\n')
        {
            _at++;
        }
    }

    private void SkipLine()
    {
        SkipComment();
        Advance();
    }

    private void Advance()
    {
        if (_at >= text.Length)
        {
            return;
        }

        _line += text[_at] == '\n' ? 1 : 0;
        _at++;
    }
}
