namespace Telemt.Core.Policy;

/// <summary>
/// What each source holds: an IPv4 address, or an IPv6 /64. An entry lives as long as one of its connections, so that the table is as
/// large as what is open, whoever knocks. Safe for any thread; a lock of one shard at each end of a connection.
/// </summary>
internal sealed class SourceTable
{
    private const int ShardBits = 4;

    private readonly Dictionary<ulong, SourceCounts>[] _shards = [.. Enumerable.Range(0, 1 << ShardBits).Select(_ => new Dictionary<ulong, SourceCounts>())];

    /// <summary>Sources with connections.</summary>
    public int Count => _shards.Sum(shard =>
    {
        lock (shard)
        {
            return shard.Count;
        }
    });

    /// <summary>One more connection of this source.</summary>
    public SourceCounts Enter(ulong source)
    {
        var shard = ShardOf(source);
        lock (shard)
        {
            if (!shard.TryGetValue(source, out var counts))
            {
                counts = new SourceCounts(source);
                shard.Add(source, counts);
            }

            counts.Connections++;
            return counts;
        }
    }

    public void Leave(SourceCounts counts)
    {
        var shard = ShardOf(counts.Source);
        lock (shard)
        {
            if (--counts.Connections == 0)
            {
                shard.Remove(counts.Source);
            }
        }
    }

    private Dictionary<ulong, SourceCounts> ShardOf(ulong source) => _shards[(source * 0x9E37_79B9_7F4A_7C15) >> (64 - ShardBits)];
}
