using System.Buffers;
using Telemt.Core.Crypto;

namespace Telemt.Core.Replay;

/// <summary>
/// The handshakes that came in lately: a second occurrence is a replay. Entries leave by capacity alone, the oldest first, since
/// the time in a hello can be re-stamped by whoever recorded it (PROTOCOL C.4, D.3, D.4). Asked only after authentication, so
/// strangers cannot fill it. Safe for any thread.
/// </summary>
/// <remarks>
/// Keys are kept as 8-byte fingerprints under a key of our own: nobody can make one handshake look like another, and a million of
/// them are told apart but for a chance of 2^-44. A fingerprint's top bits choose one of sixteen shards, each with its lock and its
/// share of the capacity, so loops hardly meet.
/// </remarks>
internal sealed class ReplayWindow
{
    private const int ShardBits = 4;
    private const int Shards = 1 << ShardBits;

    private readonly TimeProvider _clock;
    private readonly byte[] _key = new byte[SipHash.KeySize];
    private readonly ReplayShard[] _shards = new ReplayShard[Shards];

    /// <param name="capacity">How many handshakes are remembered; a shard's share is rounded up.</param>
    /// <param name="clock">Dates the entries, for <see cref="Reach"/>.</param>
    /// <param name="random">Makes the fingerprints' key.</param>
    public ReplayWindow(int capacity, TimeProvider clock, IRandomSource random)
    {
        _clock = clock;
        random.Fill(_key);
        for (var i = 0; i < Shards; i++)
        {
            _shards[i] = new ReplayShard(ShareOf(capacity));
        }
    }

    /// <summary>Handshakes remembered now.</summary>
    public long Count
    {
        get
        {
            var count = 0L;
            foreach (var shard in _shards)
            {
                lock (shard.Lock)
                {
                    count += shard.Ring.Count;
                }
            }
            return count;
        }
    }

    /// <summary>
    /// How far back the memory reaches: every replay of a handshake younger than this is caught. The age of the oldest entry of the
    /// fullest shard; while no shard is full, of the oldest of all. Zero when empty.
    /// </summary>
    public TimeSpan Reach
    {
        get
        {
            var now = Now();
            var (full, any) = (uint.MaxValue, 0u);
            foreach (var shard in _shards)
            {
                lock (shard.Lock)
                {
                    if (shard.Ring.Count > 0)
                    {
                        var age = ReplayShard.AgeOf(shard.Ring.OldestTime, now);
                        any = Math.Max(any, age);
                        full = shard.Ring.Count == shard.Ring.Capacity ? Math.Min(full, age) : full;
                    }
                }
            }
            return TimeSpan.FromSeconds(full == uint.MaxValue ? any : full);
        }
    }

    /// <summary>How old the entry was that made room last, in the shard where it was youngest; null before any had to.</summary>
    public TimeSpan? AgeAtEviction
    {
        get
        {
            var least = uint.MaxValue;
            foreach (var shard in _shards)
            {
                lock (shard.Lock)
                {
                    least = Math.Min(least, shard.AgeAtEviction ?? uint.MaxValue);
                }
            }
            return least == uint.MaxValue ? null : TimeSpan.FromSeconds(least);
        }
    }

    /// <summary>Remembers a handshake, unless it is remembered already: one step, so of two at once only one gets in.</summary>
    /// <param name="key">What makes it unique: 16 bytes of a hello's random, 48 bytes of a header.</param>
    /// <returns>False when it was seen before.</returns>
    public bool TryAdd(ReadOnlySpan<byte> key)
    {
        var print = SipHash.Hash(_key, key);
        var shard = ShardOf(print);
        var now = Now();
        lock (shard.Lock)
        {
            return shard.TryAdd(print, now, now);
        }
    }

    /// <summary>Changes how many are remembered; when fewer, the oldest leave at once.</summary>
    public void Resize(int capacity)
    {
        foreach (var shard in _shards)
        {
            lock (shard.Lock)
            {
                shard.Ring.Resize(ShareOf(capacity));
            }
        }
    }

    /// <summary>
    /// Writes what is remembered, for <see cref="TryImport"/> after a restart. Contains the fingerprints' key: keep it as private as
    /// the configuration. Other threads may go on; each shard is written as it is at its turn.
    /// </summary>
    public void Export(IBufferWriter<byte> destination)
    {
        var check = ReplaySnapshot.WriteHeader(destination, _key);
        foreach (var shard in _shards)
        {
            // Copied under the lock, hashed outside of it.
            ulong[] prints;
            uint[] times;
            lock (shard.Lock)
            {
                (prints, times) = (new ulong[shard.Ring.Count], new uint[shard.Ring.Count]);
                shard.Ring.CopyTo(prints, times);
            }
            check = ReplaySnapshot.WriteEntries(destination, _key, check, prints, times);
        }
        ReplaySnapshot.WriteEnd(destination, check);
    }

    /// <summary>
    /// Takes over a snapshot and its key. For the start only: before other threads have the window, and while it is empty.
    /// </summary>
    /// <returns>False when the bytes are no whole snapshot; the window is then as it was.</returns>
    public bool TryImport(ReadOnlySpan<byte> snapshot)
    {
        if (Count > 0)
        {
            throw new InvalidOperationException("The window has entries under another key.");
        }
        if (!ReplaySnapshot.TryOpen(snapshot, out var key, out var entries))
        {
            return false;
        }
        key.CopyTo(_key);
        var now = Now();
        while (!entries.IsEmpty)
        {
            var (print, time) = ReplaySnapshot.ReadEntry(ref entries);
            ShardOf(print).TryAdd(print, time, now);
        }
        return true;
    }

    private static int ShareOf(int capacity) => Math.Max(1, (capacity + Shards - 1) / Shards);

    private ReplayShard ShardOf(ulong print) => _shards[print >> (64 - ShardBits)];

    private uint Now() => (uint)Math.Clamp(_clock.GetUtcNow().ToUnixTimeSeconds(), 0, uint.MaxValue);
}
