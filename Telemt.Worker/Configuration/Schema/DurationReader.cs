using Telemt.Worker.Configuration.Draft;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>Whole seconds, or text with units.</summary>
internal sealed class DurationReader(TimeSpan min, TimeSpan max) : ValueReader<TimeSpan>
{
    public override string Expected
        => $"seconds or a text such as \"90s\", \"5m\" or \"1h\", from {DurationText.Format(min)} to {DurationText.Format(max)}";

    public override bool TryRead(DraftNode node, ValueScope scope, out TimeSpan value)
    {
        value = default;
        switch (node)
        {
            case DraftValue { Kind: DraftKind.Integer, Value: long seconds }:
                value = TimeSpan.FromSeconds(Math.Clamp(seconds, -1, (long)max.TotalSeconds + 1));
                break;
            case DraftValue { Kind: DraftKind.Text or DraftKind.Untyped, Value: string text }:
                if (!DurationText.TryParse(text, out value))
                {
                    return scope.Fail(node, "is no duration", Expected);
                }

                break;
            default:
                return scope.FailType(node, Expected);
        }

        return (value >= min && value <= max) || scope.Fail(node, "is out of range", Expected);
    }

    public override string Format(TimeSpan value) => DurationText.Format(value);
}
