namespace Telemt.Core.Policy;

/// <summary>The connections of one source. Readable from any thread.</summary>
internal sealed class SourceCounts(ulong source)
{
    private int _strangers;
    private int _clients;

    public ulong Source { get; } = source;

    /// <summary>All of them. Written by the table only.</summary>
    public int Connections { get; internal set; }

    /// <summary>Those that have not shown yet what they are.</summary>
    public int Strangers => Volatile.Read(ref _strangers);

    public void AddStranger() => Interlocked.Increment(ref _strangers);

    public void RemoveStranger() => Interlocked.Decrement(ref _strangers);

    /// <summary>Takes a client's place, exact whatever loops ask at once.</summary>
    /// <param name="most">0 for no limit.</param>
    public bool TryAddClient(int most)
    {
        if (Interlocked.Increment(ref _clients) <= most || most == 0)
        {
            return true;
        }

        RemoveClient();
        return false;
    }

    public void RemoveClient() => Interlocked.Decrement(ref _clients);
}
