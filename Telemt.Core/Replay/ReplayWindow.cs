using System.Security.Cryptography;

namespace Telemt.Core.Replay;

/// <summary>The handshakes that came in lately: a second occurrence is a replay. Bounded, oldest out first. Safe for any thread.</summary>
internal sealed class ReplayWindow
{
    private readonly Lock _lock = new();
    private readonly byte[] _key = new byte[32];
    private readonly HashSet<ulong> _seen = [];
    private readonly Queue<(ulong Fingerprint, long At)> _order = new();
    private readonly TimeProvider _clock;
    private int _capacity;

    public ReplayWindow(int capacity, TimeProvider clock, IRandomSource random)
    {
        _capacity = capacity;
        _clock = clock;
        random.Fill(_key);
    }

    public long Count
    {
        get
        {
            lock (_lock)
            {
                return _order.Count;
            }
        }
    }

    /// <summary>False when the key was seen before.</summary>
    public bool TryAdd(ReadOnlySpan<byte> key)
    {
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(_key, key, hash);
        var fingerprint = BitConverter.ToUInt64(hash);
        lock (_lock)
        {
            if (!_seen.Add(fingerprint))
            {
                return false;
            }

            _order.Enqueue((fingerprint, _clock.GetTimestamp()));
            Trim();
            return true;
        }
    }

    public void Resize(int capacity)
    {
        lock (_lock)
        {
            _capacity = capacity;
            Trim();
        }
    }

    private void Trim()
    {
        while (_order.Count > _capacity)
        {
            _seen.Remove(_order.Dequeue().Fingerprint);
        }
    }
}
