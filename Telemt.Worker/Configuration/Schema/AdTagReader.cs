using Telemt.Worker.Configuration.Draft;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>The 16 bytes that @MTProxybot gives, as 32 lower-case hexadecimal digits when read; the placeholder of the samples is none.</summary>
internal sealed class AdTagReader : ValueReader<string?>
{
    private const int Digits = 32;

    public override string Expected => $"the {Digits} hexadecimal digits that @MTProxybot gives";

    public override bool TryRead(DraftNode node, ValueScope scope, out string? value)
    {
        value = null;
        if (node is not DraftValue { Kind: DraftKind.Text or DraftKind.Untyped, Value: string text })
        {
            return scope.FailType(node, $"{Expected}, in quotes");
        }

        if (text.Length != Digits || !text.All(char.IsAsciiHexDigit))
        {
            return scope.Fail(node, $"is no ad tag ({text.Length} characters)", Expected);
        }

        if (text.All(digit => digit == '0'))
        {
            scope.Warn(node, "is all zeros and counts as none", $"give {Expected}, or leave the key out");
            return true;
        }

        value = text.ToLowerInvariant();
        return true;
    }

    public override string Format(string? value) => value ?? "none";
}
