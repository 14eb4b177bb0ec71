using System.Globalization;
using System.Text;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>Durations as operators write them: "90s", "5m", "1h 30m", "2d", "250ms".</summary>
internal static class DurationText
{
    private static readonly (string Unit, long Milliseconds)[] Units =
        [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

    /// <summary>Reads whole numbers with units, and a bare whole number as seconds. Nothing beyond ten thousand days is a duration.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan value)
    {
        value = default;
        text = text.Trim();
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return TryMake(seconds, 1_000, ref value);
        }

        if (text.IsEmpty)
        {
            return false;
        }

        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || !long.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                return false;
            }

            text = text[digits..].TrimStart();
            var letters = text.IndexOfAnyExceptInRange('a', 'z');
            var unit = letters < 0 ? text : text[..letters];
            if (!TryUnit(unit, out var milliseconds) || !TryMake(count, milliseconds, ref value))
            {
                return false;
            }

            text = text[unit.Length..].TrimStart();
        }

        return true;
    }

    public static string Format(TimeSpan value)
    {
        if (value == TimeSpan.Zero)
        {
            return "0";
        }

        var rest = (long)value.TotalMilliseconds;
        var text = new StringBuilder();
        foreach (var (unit, milliseconds) in Units)
        {
            if (rest >= milliseconds)
            {
                text.Append(CultureInfo.InvariantCulture, $"{rest / milliseconds}{unit}");
                rest %= milliseconds;
            }
        }

        return text.ToString();
    }

    private static bool TryUnit(ReadOnlySpan<char> text, out long milliseconds)
    {
        foreach (var (unit, length) in Units)
        {
            if (text.SequenceEqual(unit))
            {
                milliseconds = length;
                return true;
            }
        }

        milliseconds = 0;
        return false;
    }

    private static bool TryMake(long count, long milliseconds, ref TimeSpan value)
    {
        const long Longest = 10_000L * 86_400_000;
        if (count > Longest / milliseconds)
        {
            return false;
        }

        value += TimeSpan.FromMilliseconds(count * milliseconds);
        return true;
    }
}
