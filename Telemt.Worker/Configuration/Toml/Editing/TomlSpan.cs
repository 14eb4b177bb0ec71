namespace Telemt.Worker.Configuration.Toml.Editing;

/// <summary>What a span of the text holds.</summary>
internal enum TomlSpanKind
{
    /// <summary><c>[name]</c> or <c>[[name]]</c> with its line.</summary>
    Header,

    /// <summary><c>key = value</c> in lines of its own.</summary>
    Pair,

    /// <summary><c>key = value</c> between the braces of an inline table.</summary>
    Item,
}

/// <summary>One statement and where it stands. Offsets are bytes from the start of the text.</summary>
/// <param name="Path">From the root, quotes resolved.</param>
/// <param name="Owner">Index of the header that a pair stands under, or of the span whose braces hold an item; -1 for the root.</param>
/// <param name="Start">Of the line; of an item its key.</param>
/// <param name="End">Behind the line's end; of an item behind its value.</param>
/// <param name="ValueStart">Of the value; of a header its bracket.</param>
/// <param name="ValueEnd">Behind the value.</param>
/// <param name="IsInline">The value is an inline table.</param>
/// <param name="IsInList">It belongs to an element of a list of tables, which a path of names does not reach.</param>
internal sealed record TomlSpan(
    TomlSpanKind Kind,
    string[] Path,
    int Owner,
    int Start,
    int End,
    int ValueStart,
    int ValueEnd,
    bool IsInline,
    bool IsInList)
{
    public bool Is(ReadOnlySpan<string> path) => Path.AsSpan().SequenceEqual(path);

    /// <summary>True for the path itself too.</summary>
    public bool IsBelow(ReadOnlySpan<string> path) => Path.AsSpan().StartsWith(path);
}
