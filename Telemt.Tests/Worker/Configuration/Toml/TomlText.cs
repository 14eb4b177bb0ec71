using System.Globalization;
using System.Text;
using Telemt.Worker.Configuration.Toml;

namespace Telemt.Tests.Worker.Configuration.Toml;

/// <summary>
/// Values and the TOML that says them, for properties: a dictionary is a table, a list an array, else a scalar. The same value is
/// written in turn as header, inline table or dotted keys, in any kind of string, as the seed falls.
/// </summary>
internal sealed class TomlText(int seed)
{
    private readonly Random _random = new(seed);
    private readonly StringBuilder _text = new();

    public string Write(Dictionary<string, object> root)
    {
        WriteTable(root, []);
        return _text.ToString();
    }

    public static object ValueOf(TomlNode node) => node switch
    {
        TomlTable table => table.Entries.ToDictionary(e => e.Key, e => ValueOf(e.Value)),
        TomlArray array => array.Items.Select(ValueOf).ToList(),
        _ => ((TomlValue)node).Value,
    };

    public string Key(string name)
    {
        var bare = name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
        return bare && _random.Next(4) > 0 ? name : Quoted(name, oneLine: true);
    }

    /// <summary>The string in one of the forms that can hold it.</summary>
    public string Quoted(string value, bool oneLine)
    {
        var printable = !value.Any(c => char.IsControl(c) && c is not ('\t' or '\n' or >= '\x80'));
        return _random.Next(oneLine ? 2 : 4) switch
        {
            1 when printable && !value.Contains('\'') && !value.Contains('\n') => $"'{value}'",
            2 when printable && !value.Contains("'''") && !value.EndsWith('\'') => $"'''\n{value}'''",
            3 => "\"\"\"\n" + Escaped(value, keepLines: true) + "\"\"\"",
            _ => "\"" + Escaped(value, keepLines: false) + "\"",
        };
    }

    private void WriteTable(Dictionary<string, object> table, string[] path)
    {
        // Plain values first: what follows a header belongs to it.
        var later = new List<(string Key, object Value)>();
        foreach (var (key, value) in table)
        {
            if (value is Dictionary<string, object> or List<object> && CanHaveHeader(value) && _random.Next(2) == 0)
            {
                later.Add((key, value));
            }
            else if (value is Dictionary<string, object> { Count: > 0 } child && _random.Next(2) == 0)
            {
                foreach (var (name, inner) in child)
                {
                    _text.Append($"{Key(key)} . {Key(name)} = {Inline(inner)} # {key.Length}\n");
                }
            }
            else
            {
                _text.Append($" {Key(key)}\t={Inline(value)}\r\n");
            }
        }

        foreach (var (key, value) in later)
        {
            string[] below = [.. path, key];
            foreach (var element in value as List<object> ?? [value])
            {
                var name = string.Join(_random.Next(2) == 0 ? "." : " .\t", below.Select(Key));
                _text.Append(value is List<object> ? $"[[{name}]]\n" : $"\n[ {name} ]#\n");
                WriteTable((Dictionary<string, object>)element, below);
            }
        }
    }

    private static bool CanHaveHeader(object value) => value is not List<object> list || (list.Count > 0 && list.All(i => i is Dictionary<string, object>));

    private string Inline(object value) => value switch
    {
        Dictionary<string, object> table => "{" + string.Join(" , ", table.Select(p => $"{Key(p.Key)} = {Inline(p.Value)}")) + " }",
        List<object> list => "[ #\n" + string.Concat(list.Select(i => Inline(i) + " ,\n")) + "]",
        string text => Quoted(text, oneLine: false),
        bool flag => flag ? "true" : "false",
        double number => double.IsInteger(number) ? number.ToString("F1", CultureInfo.InvariantCulture) : Float(number),
        DateTimeOffset moment => moment.ToString("yyyy-MM-dd HH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("HH:mm:ss.fffffff", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Float(double number)
    {
        return double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture)
            : double.IsNaN(number) ? "nan" : number > 0 ? "+inf" : "-inf";
    }

    private string Escaped(string value, bool keepLines)
    {
        var escaped = new StringBuilder();
        foreach (var rune in value.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\n' when keepLines => escaped.Append('\n'),
                '"' or '\\' => escaped.Append('\\').Append(rune),
                < 0x20 or 0x7F => escaped.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                > 0x7F when _random.Next(2) == 0 => escaped.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}"),
                _ => escaped.Append(rune),
            };
        }

        return escaped.ToString();
    }
}
