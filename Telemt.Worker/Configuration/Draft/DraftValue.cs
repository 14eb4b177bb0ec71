namespace Telemt.Worker.Configuration.Draft;

/// <summary>A single value as the file or an override has it.</summary>
internal sealed class DraftValue(Origin origin, DraftKind kind, object value) : DraftNode(origin)
{
    public DraftKind Kind { get; } = kind;

    /// <summary>string, long, double, bool, DateTimeOffset, DateTime, DateOnly or TimeOnly by <see cref="Kind"/>.</summary>
    public object Value { get; } = value;

    public override string Description => Kind switch
    {
        DraftKind.Text or DraftKind.Untyped => "text",
        DraftKind.Integer => "a number",
        DraftKind.Float => "a decimal number",
        DraftKind.Boolean => "true or false",
        _ => "a date or time",
    };
}
