using System.Diagnostics.CodeAnalysis;
using Telemt.Worker.Configuration.Draft;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>Base of the readers whose values are written as text.</summary>
internal abstract class TextValueReader<T> : ValueReader<T>
{
    /// <summary>What to say of a text that does not fit; never repeats a text that may be secret.</summary>
    protected virtual string Refusal(string text) => $"\"{Shorten(text)}\" does not fit";

    protected abstract bool TryParse(string text, [MaybeNullWhen(false)] out T value);

    /// <summary>For values that TOML knows by a type of its own.</summary>
    protected virtual bool TryConvert(DraftValue scalar, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        return false;
    }

    public override bool TryRead(DraftNode node, ValueScope scope, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (node is not DraftValue scalar)
        {
            return scope.FailType(node, Expected);
        }

        if (scalar.Kind is not (DraftKind.Text or DraftKind.Untyped))
        {
            return TryConvert(scalar, out value) || scope.FailType(node, $"{Expected}, in quotes");
        }

        var text = (string)scalar.Value;
        return TryParse(text, out value) || scope.Fail(node, text.Length == 0 ? "is empty" : Refusal(text), Expected);
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "...";
}
