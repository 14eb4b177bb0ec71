using System.Globalization;
using System.Text.RegularExpressions;

namespace Telemt.Worker.Import;

/// <summary>Durations as Go writes them: "1h30m", "5s", "250ms".</summary>
internal static partial class ForeignDuration
{
    /// <returns>Whole seconds, at least one; null when the text is no duration.</returns>
    public static long? Seconds(string? text)
    {
        if (text is null || Whole().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var total = 0.0;
        for (var i = 0; i < match.Groups["number"].Captures.Count; i++)
        {
            if (!double.TryParse(match.Groups["number"].Captures[i].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            total += number * match.Groups["unit"].Captures[i].Value switch
            {
                "h" => 3600,
                "m" => 60,
                "s" => 1,
                "ms" => 1e-3,
                _ => 1e-6,
            };
        }

        return total > int.MaxValue ? null : Math.Max(1, (long)Math.Ceiling(total));
    }

    [GeneratedRegex(@"^(?:(?<number>[0-9]{1,9}(?:\.[0-9]{1,9})?)(?<unit>ms|us|µs|ns|h|m|s))+$", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();
}
