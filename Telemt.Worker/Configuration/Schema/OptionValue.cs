namespace Telemt.Worker.Configuration.Schema;

/// <summary>A value that the operator gave, with its key and place.</summary>
internal abstract class OptionValue(ConfigurationKey key, Origin origin)
{
    public ConfigurationKey Key { get; } = key;

    public Origin Origin { get; } = origin;
}
