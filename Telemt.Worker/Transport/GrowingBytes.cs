namespace Telemt.Worker.Transport;

/// <summary>
/// Bytes of a stream that are on their way through: put in at the end, taken off the front, in one native block that grows as bytes come
/// and counts as held. Empty, it holds nothing. Loop thread only.
/// </summary>
internal sealed unsafe class GrowingBytes(BufferPool buffers)
{
    private const int LeastCapacity = 8 * 1024;

    private KeptBytes _kept;

    public int Length => _kept.Length;

    public bool IsEmpty => _kept.Length == 0;

    /// <summary>Bytes that count as held.</summary>
    public int Capacity => _kept.Capacity;

    public Span<byte> Bytes => new(_kept.Block + _kept.Offset, _kept.Length);

    /// <summary>The free room behind the bytes, at least so much; <see cref="Added"/> says how much of it was used.</summary>
    public Span<byte> Room(int least)
    {
        if (_kept.Capacity - _kept.Offset - _kept.Length < least)
        {
            MakeRoom(least);
        }

        var end = _kept.Offset + _kept.Length;
        return new Span<byte>(_kept.Block + end, _kept.Capacity - end);
    }

    public void Added(int count) => _kept.Length += count;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Added(bytes.Length);
    }

    /// <summary>Takes bytes off the front; the block stays until <see cref="Trim"/>.</summary>
    public void Drop(int count)
    {
        _kept.Advance(count);
        if (_kept.Length == 0)
        {
            _kept.Offset = 0;
        }
    }

    /// <summary>Gives the block back when it is empty.</summary>
    public void Trim()
    {
        if (IsEmpty)
        {
            buffers.Free(ref _kept);
        }
    }

    public void Release() => buffers.Free(ref _kept);

    private void MakeRoom(int least)
    {
        var needed = _kept.Length + least;
        if (needed <= _kept.Capacity)
        {
            Bytes.CopyTo(new Span<byte>(_kept.Block, _kept.Length));
            _kept.Offset = 0;
            return;
        }

        var larger = buffers.Allocate(Math.Max(Math.Max(LeastCapacity, needed), _kept.Length * 2));
        larger.Length = _kept.Length;
        Bytes.CopyTo(new Span<byte>(larger.Block, larger.Length));
        buffers.Free(ref _kept);
        _kept = larger;
    }
}
