namespace Telemt.Worker.Configuration.Toml;

/// <summary>One node of a parsed file. A finished tree does not change and may be read by any thread.</summary>
internal abstract class TomlNode(TomlPosition position)
{
    /// <summary>1-based line where the value begins; for a table under a header, the header's bracket.</summary>
    public int Line => Position.Line;

    /// <summary>1-based column, in characters.</summary>
    public int Column => Position.Column;

    public TomlPosition Position { get; protected set; } = position;
}
