using Telemt.Worker.Configuration.Draft;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>true or false.</summary>
internal sealed class BooleanReader : ValueReader<bool>
{
    public override string Expected => "true or false";

    public override bool TryRead(DraftNode node, ValueScope scope, out bool value)
    {
        value = false;
        switch (node)
        {
            case DraftValue { Kind: DraftKind.Boolean } scalar:
                value = (bool)scalar.Value;
                return true;
            case DraftValue { Kind: DraftKind.Untyped } scalar when bool.TryParse((string)scalar.Value, out value):
                return true;
            case DraftValue { Kind: DraftKind.Text or DraftKind.Untyped }:
                return scope.FailType(node, "true or false, without quotes");
            default:
                return scope.FailType(node, Expected);
        }
    }

    public override string Format(bool value) => value ? "true" : "false";
}
