namespace Telemt.Worker.Configuration.Draft;

/// <summary>A key with its value.</summary>
/// <param name="Origin">Place of the key; the value has its own.</param>
internal sealed record DraftEntry(string Key, Origin Origin, DraftNode Value)
{
    /// <summary>The table that the operator wrote the key under, when it was lifted from there to the root.</summary>
    public string? LiftedFrom { get; init; }
}
