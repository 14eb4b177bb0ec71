namespace Telemt.Worker.Configuration.Toml;

/// <summary>
/// Dates and times from a whole token (RFC 3339). Year 0 and leap seconds, which .NET's types cannot hold, are refused.
/// <code>
/// YYYY-MM-DD            HH:MM:SS[.fraction]            YYYY-MM-DD(T| )HH:MM:SS[.fraction][Z|±HH:MM]
/// 0    5  8             0  3  6                         the time begins at 11
/// </code>
/// </summary>
internal static class TomlDates
{
    public const int DateLength = 10;
    private const int TimeLength = 8;
    private const int FractionDigits = 7;
    private const int MaxOffsetMinutes = 14 * 60;

    /// <summary>Whether a token can only be meant as a date or a time.</summary>
    public static bool LooksLike(ReadOnlySpan<byte> token)
    {
        return (token.Length > 4 && token[4] == '-' && Number(token[..4]) >= 0) || (token.Length > 2 && token[2] == ':' && Number(token[..2]) >= 0);
    }

    public static bool IsDate(ReadOnlySpan<byte> token) => token.Length == DateLength && TryReadDate(token, out _);

    public static bool TryRead(ReadOnlySpan<byte> token, out TomlKind kind, out object? value)
    {
        (kind, value) = (TomlKind.LocalTime, null);
        if (token[2] == ':')
        {
            value = TryReadTime(token, out var timeOnly, out var tail) && tail.IsEmpty ? timeOnly : null;
            return value is not null;
        }

        if (token.Length < DateLength || !TryReadDate(token[..DateLength], out var date))
        {
            return false;
        }

        if (token.Length == DateLength)
        {
            (kind, value) = (TomlKind.LocalDate, date);
            return true;
        }

        if (token[DateLength] is not ((byte)'T' or (byte)'t' or (byte)' ') || !TryReadTime(token[(DateLength + 1)..], out var time, out var zone))
        {
            return false;
        }

        if (zone.IsEmpty)
        {
            (kind, value) = (TomlKind.LocalDateTime, date.ToDateTime(time));
            return true;
        }

        kind = TomlKind.OffsetDateTime;
        value = TryReadOffset(zone, out var minutes) ? WithOffset(date.ToDateTime(time), minutes) : null;
        return value is not null;
    }

    private static bool TryReadDate(ReadOnlySpan<byte> text, out DateOnly date)
    {
        date = default;
        var (year, month, day) = (Number(text[..4]), Number(text[5..7]), Number(text[8..10]));
        if (text[4] != '-' || text[7] != '-' || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        date = new DateOnly(year, month, day);
        return true;
    }

    private static bool TryReadTime(ReadOnlySpan<byte> text, out TimeOnly time, out ReadOnlySpan<byte> rest)
    {
        time = default;
        rest = [];
        if (text.Length < TimeLength || text[2] != ':' || text[5] != ':')
        {
            return false;
        }

        var (hour, minute, second) = (Number(text[..2]), Number(text[3..5]), Number(text[6..8]));
        if (hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 59)
        {
            return false;
        }

        rest = text[TimeLength..];
        var ticks = 0L;
        if (!rest.IsEmpty && rest[0] == '.' && !TryReadFraction(rest[1..], out ticks, out rest))
        {
            return false;
        }

        time = new TimeOnly(new TimeOnly(hour, minute, second).Ticks + ticks);
        return true;
    }

    /// <summary>At least one digit; those beyond 100 ns are read and cut, as TOML asks, not rounded.</summary>
    private static bool TryReadFraction(ReadOnlySpan<byte> text, out long ticks, out ReadOnlySpan<byte> rest)
    {
        var length = 0;
        ticks = 0;
        for (; length < text.Length && char.IsAsciiDigit((char)text[length]); length++)
        {
            ticks = length < FractionDigits ? (ticks * 10) + text[length] - '0' : ticks;
        }

        for (var i = length; i < FractionDigits; i++)
        {
            ticks *= 10;
        }

        rest = text[length..];
        return length > 0;
    }

    private static bool TryReadOffset(ReadOnlySpan<byte> zone, out int minutes)
    {
        minutes = 0;
        if (zone.Length == 1 && zone[0] is (byte)'Z' or (byte)'z')
        {
            return true;
        }

        if (zone.Length != 6 || zone[0] is not ((byte)'+' or (byte)'-') || zone[3] != ':')
        {
            return false;
        }

        var (hour, minute) = (Number(zone[1..3]), Number(zone[4..6]));
        minutes = (zone[0] == '-' ? -1 : 1) * ((hour * 60) + minute);
        return hour is >= 0 and <= 23 && minute is >= 0 and <= 59;
    }

    /// <summary>Null when the instant in UTC falls outside the years 1 to 9999.</summary>
    private static DateTimeOffset? WithOffset(DateTime local, int minutes)
    {
        var utc = local.Ticks - (minutes * TimeSpan.TicksPerMinute);
        if (utc < 0 || utc > DateTime.MaxValue.Ticks)
        {
            return null;
        }

        return Math.Abs(minutes) > MaxOffsetMinutes
            ? new DateTimeOffset(utc, TimeSpan.Zero)
            : new DateTimeOffset(local, TimeSpan.FromMinutes(minutes));
    }

    /// <summary>The value of a few digits, or -1.</summary>
    private static int Number(ReadOnlySpan<byte> digits)
    {
        var number = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return -1;
            }

            number = (number * 10) + digit - '0';
        }

        return number;
    }
}
