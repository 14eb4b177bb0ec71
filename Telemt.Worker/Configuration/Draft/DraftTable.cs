namespace Telemt.Worker.Configuration.Draft;

/// <summary>Keys with values, in the order of the file. Tables of users may hold many thousands, so nothing here is looked up one by one.</summary>
internal sealed class DraftTable(Origin origin) : DraftNode(origin)
{
    public List<DraftEntry> Entries { get; } = [];

    public override string Description => "a table";

    public int IndexOf(string key, StringComparison comparison = StringComparison.Ordinal)
        => Entries.FindIndex(entry => string.Equals(entry.Key, key, comparison));

    /// <summary>Replaces the value of a key or adds it.</summary>
    public void Set(DraftEntry entry)
    {
        var index = IndexOf(entry.Key);
        if (index < 0)
        {
            Entries.Add(entry);
        }
        else
        {
            Entries[index] = entry;
        }
    }
}
