using System.Globalization;
using Telemt.Worker.Configuration.Draft;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>A whole number within bounds.</summary>
internal sealed class IntegerReader(int min, int max) : ValueReader<int>
{
    public override string Expected => max == int.MaxValue
        ? $"a whole number from {min}"
        : $"a whole number from {min} to {max}";

    public override bool TryRead(DraftNode node, ValueScope scope, out int value)
    {
        value = 0;
        switch (node)
        {
            case DraftValue { Kind: DraftKind.Integer } scalar:
                return TryBound(node, (long)scalar.Value, scope, out value);
            case DraftValue { Kind: DraftKind.Untyped } scalar
                when long.TryParse((string)scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number):
                return TryBound(node, number, scope, out value);
            case DraftValue { Kind: DraftKind.Text }:
                return scope.FailType(node, $"{Expected}, without quotes");
            default:
                return scope.FailType(node, Expected);
        }
    }

    private bool TryBound(DraftNode node, long number, ValueScope scope, out int value)
    {
        value = (int)Math.Clamp(number, min, max);
        return number == value || scope.Fail(node, $"{number} is out of range", Expected);
    }
}
