namespace Telemt.Worker.Configuration.Schema;

/// <summary>A value with its type.</summary>
internal sealed class OptionValue<T>(ConfigurationKey key, Origin origin, T value) : OptionValue(key, origin)
{
    public T Value { get; } = value;
}
