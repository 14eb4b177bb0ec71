using Telemt.Worker.Configuration.Draft;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>A key with the type of its values.</summary>
internal sealed class ConfigurationKey<T>(
    string path,
    ValueReader<T> reader,
    T defaultValue,
    SessionEffect effect)
    : ConfigurationKey(path, effect)
{
    /// <summary>What holds when the key is left out.</summary>
    public T Default { get; } = defaultValue;

    public override string Expected => reader.Expected;

    public override bool IsList => reader.IsList;

    public override string DefaultText => reader.Format(Default);

    public override OptionValue? Read(DraftEntry entry, string path, ProblemList problems)
        => reader.TryRead(entry.Value, new ValueScope(problems, path), out var value)
            ? new OptionValue<T>(this, entry.Value.Origin, value)
            : null;

    public override string? Difference(OptionTable before, OptionTable after)
    {
        var (left, right) = (before.Get(this), after.Get(this));
        return reader.AreEqual(left, right) ? null : $"{reader.Format(left)} → {reader.Format(right)}";
    }
}
