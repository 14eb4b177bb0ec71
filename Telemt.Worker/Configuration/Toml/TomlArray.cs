namespace Telemt.Worker.Configuration.Toml;

/// <summary>A list in brackets, or the tables under <c>[[name]]</c> headers of one name.</summary>
internal sealed class TomlArray(TomlPosition position, bool isArrayOfTables) : TomlNode(position)
{
    private readonly List<TomlNode> _items = [];

    public IReadOnlyList<TomlNode> Items => _items;

    /// <summary>True when made by <c>[[name]]</c> headers; every item is then a <see cref="TomlTable"/>.</summary>
    public bool IsArrayOfTables { get; } = isArrayOfTables;

    /// <summary>For the parser only.</summary>
    public void Add(TomlNode item) => _items.Add(item);
}
