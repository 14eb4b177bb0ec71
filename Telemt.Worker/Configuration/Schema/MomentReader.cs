using System.Globalization;
using Telemt.Worker.Configuration.Draft;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>A point in time. Without an offset it is UTC; a date alone means through that day, so its end.</summary>
internal sealed class MomentReader : TextValueReader<DateTimeOffset?>
{
    private static readonly string[] Forms =
        ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mmK"];

    public override string Expected => "a date such as 2027-01-31 (through that day, UTC) or a time such as 2027-01-31T12:00:00Z";

    protected override bool TryConvert(DraftValue scalar, out DateTimeOffset? value)
    {
        value = scalar.Value switch
        {
            DateTimeOffset moment => moment,
            DateTime local => new DateTimeOffset(local, TimeSpan.Zero),
            DateOnly date => EndOf(date),
            _ => null,
        };
        return value is not null;
    }

    protected override bool TryParse(string text, out DateTimeOffset? value)
    {
        value = null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            value = EndOf(date);
        }
        else if (DateTimeOffset.TryParseExact(
            text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
        {
            value = moment;
        }

        return value is not null;
    }

    public override string Format(DateTimeOffset? value) => value?.ToString("u", CultureInfo.InvariantCulture) ?? "never";

    private static DateTimeOffset EndOf(DateOnly date)
        => date == DateOnly.MaxValue
            ? DateTimeOffset.MaxValue
            : new DateTimeOffset(date.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
