using System.Globalization;
using System.Text;

namespace Telemt.Worker.Configuration.Toml;

/// <summary>One part of a key as the parser read it, quotes and escapes resolved.</summary>
internal readonly record struct TomlKey(string Name, TomlPosition Position)
{
    private const int ShownLength = 64;

    /// <summary>The name in quotes, fit for one line of a log: nothing invisible, no line end, not endless.</summary>
    public string Shown => Show(Name);

    public static string Show(string name)
    {
        var shown = new StringBuilder("'");
        foreach (var rune in name.EnumerateRunes())
        {
            if (shown.Length > ShownLength)
            {
                return shown.Append("...'").ToString();
            }

            _ = IsVisible(rune) ? shown.Append(rune) : shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
        }

        return shown.Append('\'').ToString();
    }

    public static bool IsVisible(Rune rune)
    {
        return rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
    }
}
