using System.Diagnostics.CodeAnalysis;
using Telemt.Worker.Configuration.Draft;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>Turns what the operator wrote for a key into a value, or says what is wrong with it. Stateless; one serves many keys.</summary>
internal abstract class ValueReader<T>
{
    /// <summary>What fits, to stand behind "give": "a whole number from 1 to 65535".</summary>
    public abstract string Expected { get; }

    /// <summary>True when the file may give several values in brackets.</summary>
    public virtual bool IsList => false;

    public abstract bool TryRead(DraftNode node, ValueScope scope, [MaybeNullWhen(false)] out T value);

    /// <summary>The value as a log may show it; readers of secrets hide it.</summary>
    public virtual string Format(T value) => value?.ToString() ?? "none";

    public virtual bool AreEqual(T left, T right) => EqualityComparer<T>.Default.Equals(left, right);
}
