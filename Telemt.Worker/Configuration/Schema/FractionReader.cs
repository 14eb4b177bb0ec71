using System.Globalization;
using Telemt.Worker.Configuration.Draft;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>A part of the whole, from 0 to 1.</summary>
internal sealed class FractionReader : ValueReader<double>
{
    public override string Expected => "a number from 0 to 1, such as 0.01";

    public override bool TryRead(DraftNode node, ValueScope scope, out double value)
    {
        double? number = node switch
        {
            DraftValue { Kind: DraftKind.Float, Value: double fraction } => fraction,
            DraftValue { Kind: DraftKind.Integer, Value: long whole } => whole,
            DraftValue { Kind: DraftKind.Untyped, Value: string text }
                when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) => parsed,
            _ => null,
        };
        value = number ?? 0;
        if (number is null)
        {
            return scope.FailType(node, Expected);
        }

        return value is >= 0 and <= 1 || scope.Fail(node, "is out of range", Expected);
    }

    public override string Format(double value) => value.ToString(CultureInfo.InvariantCulture);
}
