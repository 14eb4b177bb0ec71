using System.Collections.Concurrent;

namespace Telemt.Worker.Selftest.Mtproto;

/// <summary>The keys that clients have agreed upon: they use them on any later connection.</summary>
internal sealed class AuthKeys
{
    private readonly ConcurrentDictionary<long, AuthKey> _keys = new();

    public int Count => _keys.Count;

    public IEnumerable<AuthKey> All => _keys.Values;

    public void Add(AuthKey key) => _keys[key.Id] = key;

    public AuthKey? Find(long id) => _keys.GetValueOrDefault(id);
}
