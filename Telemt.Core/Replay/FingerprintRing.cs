using System.Diagnostics;
using System.Numerics;

namespace Telemt.Core.Replay;

/// <summary>
/// Fingerprints and their times in a ring, oldest first, and an open-addressed index of the ring's slots. Doubles as it fills, so a
/// quiet proxy keeps next to nothing; 20 bytes a slot. Not thread-safe.
/// </summary>
internal sealed class FingerprintRing(int capacity)
{
    private const int Smallest = 16;

    // A power of two of slots; the index has twice as many, each a slot + 1, or 0.
    private ulong[] _prints = [];
    private uint[] _times = [];
    private int[] _index = [0];
    private int _head;

    public int Capacity { get; private set; } = capacity;

    public int Count { get; private set; }

    /// <summary>Time of the entry next to leave; only with entries.</summary>
    public uint OldestTime => _times[_head];

    public bool Contains(ulong print) => _index[PlaceOf(print)] != 0;

    /// <param name="print">Not there yet; <see cref="Count"/> is below <see cref="Capacity"/>.</param>
    /// <param name="time">When it came.</param>
    public void Add(ulong print, uint time)
    {
        Debug.Assert(Count < Capacity && !Contains(print), "the caller has looked, and made room");
        if (Count == _prints.Length)
        {
            Rebuild(Math.Max(Smallest, _prints.Length * 2));
        }
        var slot = SlotOf(Count);
        _prints[slot] = print;
        _times[slot] = time;
        _index[PlaceOf(print)] = slot + 1;
        Count++;
    }

    public void RemoveOldest()
    {
        RemoveFromIndex(PlaceOf(_prints[_head]));
        _head = SlotOf(1);
        Count--;
    }

    /// <summary>Sets how many entries may be: the oldest beyond leave, and memory that can no longer be used is given back.</summary>
    public void Resize(int capacity)
    {
        Capacity = capacity;
        var surplus = Math.Max(0, Count - capacity);
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(Smallest, capacity));
        if (surplus > 0 || _prints.Length > size)
        {
            _head = SlotOf(surplus);
            Count -= surplus;
            Rebuild(Math.Min(size, _prints.Length));
        }
    }

    /// <summary>Copies <see cref="Count"/> entries, oldest first.</summary>
    public void CopyTo(Span<ulong> prints, Span<uint> times)
    {
        var first = Math.Min(Count, _prints.Length - _head);
        _prints.AsSpan(_head, first).CopyTo(prints);
        _times.AsSpan(_head, first).CopyTo(times);
        _prints.AsSpan(0, Count - first).CopyTo(prints[first..]);
        _times.AsSpan(0, Count - first).CopyTo(times[first..]);
    }

    private int SlotOf(int age) => (_head + age) & (_prints.Length - 1);

    /// <summary>Where the index has the fingerprint, or else the free place where it belongs.</summary>
    private int PlaceOf(ulong print)
    {
        var mask = _index.Length - 1;
        var at = (int)print & mask;
        while (_index[at] != 0 && _prints[_index[at] - 1] != print)
        {
            at = (at + 1) & mask;
        }
        return at;
    }

    // Linear probing without tombstones: entries behind the gap move into it unless their own place lies behind it too.
    private void RemoveFromIndex(int gap)
    {
        var mask = _index.Length - 1;
        for (var at = (gap + 1) & mask; _index[at] != 0; at = (at + 1) & mask)
        {
            var home = (int)_prints[_index[at] - 1] & mask;
            if (((at - home) & mask) >= ((at - gap) & mask))
            {
                _index[gap] = _index[at];
                gap = at;
            }
        }
        _index[gap] = 0;
    }

    private void Rebuild(int size)
    {
        var (prints, times) = (new ulong[size], new uint[size]);
        CopyTo(prints, times);
        (_prints, _times, _index, _head) = (prints, times, new int[size * 2], 0);
        for (var slot = 0; slot < Count; slot++)
        {
            _index[PlaceOf(prints[slot])] = slot + 1;
        }
    }
}
