using System.Collections.Immutable;
using Telemt.Worker.Configuration.Draft;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>Several values in brackets; a single one may stand without them. An environment variable separates them by commas.</summary>
internal sealed class ListReader<T>(ValueReader<T> inner) : ValueReader<ImmutableArray<T>>
{
    public override string Expected => $"{inner.Expected}, or several in [brackets]";

    public override bool IsList => true;

    public override bool TryRead(DraftNode node, ValueScope scope, out ImmutableArray<T> value)
    {
        var items = node switch
        {
            DraftList list => list.Items,
            DraftValue { Kind: DraftKind.Untyped } text => Split(text),
            _ => [node],
        };
        var values = ImmutableArray.CreateBuilder<T>(items.Count);
        var sound = true;
        foreach (var item in items)
        {
            if (inner.TryRead(item, scope, out var read))
            {
                values.Add(read);
            }
            else
            {
                sound = false;
            }
        }

        value = values.DrainToImmutable();
        return sound;
    }

    public override string Format(ImmutableArray<T> value) => $"[{string.Join(", ", value.Select(inner.Format))}]";

    public override bool AreEqual(ImmutableArray<T> left, ImmutableArray<T> right)
        => left.Length == right.Length && left.Zip(right).All(pair => inner.AreEqual(pair.First, pair.Second));

    private static List<DraftNode> Split(DraftValue text)
        => [.. ((string)text.Value)
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(part => new DraftValue(text.Origin, DraftKind.Untyped, part))];
}
