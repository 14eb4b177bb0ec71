using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Telemt.Worker.Configuration.Toml.Editing;

/// <summary>A value as it is written into a file.</summary>
internal sealed record TomlLiteral
{
    private TomlLiteral(string text) => Text = text;

    public string Text { get; }

    public static TomlLiteral Of(string text) => new(Quote(text));

    public static TomlLiteral Of(bool flag) => new(flag ? "true" : "false");

    public static TomlLiteral Of(long number) => new(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Whole seconds, UTC.</summary>
    public static TomlLiteral Of(DateTimeOffset moment) =>
        new(moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));

    public static TomlLiteral Of(DateOnly day) => new(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    public static TomlLiteral Of(ImmutableArray<string> texts) => new($"[{string.Join(", ", texts.Select(Quote))}]");

    /// <summary>A key as it may stand before the equals sign or in a header.</summary>
    public static string Key(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? name : Quote(name);

    /// <exception cref="ArgumentException">The text is no Unicode: a half of a surrogate pair stands alone.</exception>
    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                < ' ' or '\x7F' => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ when char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) => quoted.Append(c).Append(text[++i]),
                _ when char.IsSurrogate(c) => throw new ArgumentException("half a character stands in the text", nameof(text)),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }
}
