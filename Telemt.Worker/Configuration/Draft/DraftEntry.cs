namespace Telemt.Worker.Configuration.Draft;

/// <summary>A key with its value.</summary>
/// <param name="Origin">Place of the key; the value has its own.</param>
internal sealed record DraftEntry(string Key, Origin Origin, DraftNode Value);
