using System.Buffers;
using System.Globalization;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>Sizes as operators write them: "64KB" and "1.5GB" by thousands, "64KiB" by 1024, a bare number in bytes.</summary>
internal static class SizeText
{
    private const string Prefixes = "KMGTP";

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    public static bool TryParse(ReadOnlySpan<char> text, out long value)
    {
        value = 0;
        text = text.Trim();
        var digits = text.IndexOfAnyExcept(NumberCharacters);
        var number = digits < 0 ? text : text[..digits];
        var unit = digits < 0 ? [] : text[digits..].TrimStart();
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            || !TryUnit(unit, out var scale)
            || count > long.MaxValue / scale)
        {
            return false;
        }

        var bytes = count * scale;
        value = (long)bytes;
        return value == bytes;
    }

    /// <summary>A size, with or without "/s" behind it.</summary>
    public static bool TryParseRate(ReadOnlySpan<char> text, out long value)
    {
        text = text.TrimEnd();
        return TryParse(text.EndsWith("/s", StringComparison.Ordinal) ? text[..^2] : text, out value);
    }

    public static string Format(long value)
    {
        for (var i = Prefixes.Length; i > 0; i--)
        {
            var binary = 1L << (10 * i);
            var thousands = (long)Math.Pow(1000, i);
            if (value != 0 && value % binary == 0)
            {
                return $"{value / binary}{Prefixes[i - 1]}iB";
            }

            if (value != 0 && value % thousands == 0)
            {
                return $"{value / thousands}{Prefixes[i - 1]}B";
            }
        }

        return value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>"", "B", "K", "KB", "KiB" and so on, in any case.</summary>
    private static bool TryUnit(ReadOnlySpan<char> unit, out decimal scale)
    {
        scale = 1;
        if (unit.IsEmpty || unit.Equals("B", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        var power = Prefixes.IndexOf(char.ToUpperInvariant(unit[0])) + 1;
        if (power == 0)
        {
            return false;
        }

        var rest = unit[1..];
        var binary = rest.Equals("iB", StringComparison.OrdinalIgnoreCase);
        if (!binary && !rest.IsEmpty && !rest.Equals("B", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        for (var i = 0; i < power; i++)
        {
            scale *= binary ? 1024 : 1000;
        }

        return true;
    }
}
