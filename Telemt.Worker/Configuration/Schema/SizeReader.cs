using Telemt.Worker.Configuration.Draft;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>Bytes, or bytes per second, as a number or a text with a unit.</summary>
/// <param name="min">The least that makes sense; 0 stands apart, for no limit, when <paramref name="zero"/> allows it.</param>
internal sealed class SizeReader(long min, bool perSecond = false, bool zero = false) : ValueReader<long>
{
    public override string Expected
    {
        get
        {
            var form = perSecond
                ? "bytes per second or a text such as \"10MB/s\" or \"512KiB/s\""
                : "bytes or a text such as \"64KB\", \"10GB\" or \"4MiB\"";
            var least = min > 0 ? $", at least {SizeText.Format(min)}" : "";
            return $"{form}{least}{(zero ? ", or 0 for no limit" : "")}";
        }
    }

    public override bool TryRead(DraftNode node, ValueScope scope, out long value)
    {
        value = 0;
        switch (node)
        {
            case DraftValue { Kind: DraftKind.Integer, Value: long bytes }:
                value = bytes;
                break;
            case DraftValue { Kind: DraftKind.Text or DraftKind.Untyped, Value: string text }:
                if (!(perSecond ? SizeText.TryParseRate(text, out value) : SizeText.TryParse(text, out value)))
                {
                    return scope.Fail(node, perSecond ? "is no rate" : "is no size", Expected);
                }

                break;
            default:
                return scope.FailType(node, Expected);
        }

        return value >= min || (zero && value == 0) || scope.Fail(node, "is too small", Expected);
    }

    public override string Format(long value) => perSecond ? SizeText.Format(value) + "/s" : SizeText.Format(value);
}
