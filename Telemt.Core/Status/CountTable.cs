namespace Telemt.Core.Status;

/// <summary>
/// Counts by a key that strangers choose: bounded, the most frequent stay. Where one more is too many, the rarest goes into the row of
/// all others, and of equally rare ones that which was seen longest ago; so the sum is always right. Not for several threads.
/// </summary>
/// <param name="most">Rows, those of the others not counted.</param>
/// <param name="others">The key under which this one is counted when it has no row of its own: one of few.</param>
internal sealed class CountTable<TKey>(int most, Func<TKey, TKey> others)
    where TKey : notnull
{
    private readonly Dictionary<TKey, Row> _own = [];
    private readonly Dictionary<TKey, Row> _others = [];

    /// <param name="LastAt">Of the last that was counted.</param>
    public readonly record struct Row(long Count, DateTimeOffset LastAt);

    public IEnumerable<KeyValuePair<TKey, Row>> Rows => _own.Concat(_others);

    public void Add(TKey key, DateTimeOffset at)
    {
        if (key.Equals(others(key)))
        {
            Add(_others, key, new Row(1, at));
            return;
        }

        if (_own.Count >= most && !_own.ContainsKey(key))
        {
            var (rarest, row) = _own.MinBy(each => (each.Value.Count, each.Value.LastAt));
            _own.Remove(rarest);
            Add(_others, others(rarest), row);
        }

        Add(_own, key, new Row(1, at));
    }

    public CountTable<TKey> Copy()
    {
        var copy = new CountTable<TKey>(most, others);
        foreach (var (key, row) in _own)
        {
            copy._own.Add(key, row);
        }

        foreach (var (key, row) in _others)
        {
            copy._others.Add(key, row);
        }

        return copy;
    }

    private static void Add(Dictionary<TKey, Row> rows, TKey key, Row row)
    {
        var present = rows.GetValueOrDefault(key);
        rows[key] = new Row(present.Count + row.Count, present.LastAt > row.LastAt ? present.LastAt : row.LastAt);
    }
}
