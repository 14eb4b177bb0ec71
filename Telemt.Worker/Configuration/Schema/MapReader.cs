using System.Collections.Immutable;
using Telemt.Worker.Configuration.Draft;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>A table of the operator's own names. Keeps the order of the file.</summary>
internal sealed class MapReader<T>(ValueReader<T> inner, string example) : ValueReader<ImmutableArray<KeyValuePair<string, T>>>
{
    public override string Expected => $"a table such as {example}";

    public override bool TryRead(DraftNode node, ValueScope scope, out ImmutableArray<KeyValuePair<string, T>> value)
    {
        value = [];
        if (node is not DraftTable table)
        {
            return scope.FailType(node, Expected);
        }

        var values = ImmutableArray.CreateBuilder<KeyValuePair<string, T>>(table.Entries.Count);
        foreach (var entry in table.Entries)
        {
            if (inner.TryRead(entry.Value, scope.Child(entry.Key), out var read))
            {
                values.Add(new(entry.Key, read));
            }
        }

        value = values.DrainToImmutable();
        return value.Length == table.Entries.Count;
    }

    public override string Format(ImmutableArray<KeyValuePair<string, T>> value)
        => $"{{{string.Join(", ", value.Select(pair => $"{pair.Key} = {inner.Format(pair.Value)}"))}}}";

    public override bool AreEqual(ImmutableArray<KeyValuePair<string, T>> left, ImmutableArray<KeyValuePair<string, T>> right)
        => left.Length == right.Length
        && left.Zip(right).All(pair => pair.First.Key == pair.Second.Key && inner.AreEqual(pair.First.Value, pair.Second.Value));
}
