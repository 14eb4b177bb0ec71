using Telemt.Worker.Configuration.Draft;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>A value that may be left to the program, by leaving the key out or by a word such as "auto".</summary>
internal sealed class OptionalReader<T>(ValueReader<T> inner, string? word = null) : ValueReader<T?>
    where T : struct
{
    public override string Expected => word is null ? inner.Expected : $"\"{word}\" or {inner.Expected}";

    public override bool TryRead(DraftNode node, ValueScope scope, out T? value)
    {
        value = null;
        if (word is not null
            && node is DraftValue { Kind: DraftKind.Text or DraftKind.Untyped, Value: string text }
            && text == word)
        {
            return true;
        }

        if (!inner.TryRead(node, word is null ? scope : scope.Or(word), out var present))
        {
            return false;
        }

        value = present;
        return true;
    }

    public override string Format(T? value) => value is { } present ? inner.Format(present) : word ?? "none";
}
