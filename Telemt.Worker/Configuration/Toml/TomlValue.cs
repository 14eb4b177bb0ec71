namespace Telemt.Worker.Configuration.Toml;

/// <summary>A scalar; <see cref="TomlKind"/> names the .NET type of <see cref="Value"/>.</summary>
internal sealed class TomlValue(TomlPosition position, TomlKind kind, object value) : TomlNode(position)
{
    public TomlKind Kind { get; } = kind;

    public object Value { get; } = value;
}
