namespace Telemt.Worker.Transport;

/// <summary>Bytes that a full sink did not take yet: a native block of its own, owned by one direction of a relay.</summary>
internal unsafe struct KeptBytes
{
    public byte* Block;
    public int Capacity;
    public int Offset;
    public int Length;

    public readonly bool IsEmpty => Length == 0;

    public readonly ReadOnlySpan<byte> Span => new(Block + Offset, Length);

    /// <summary>Adds bytes behind those that wait; the block has the room.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(new Span<byte>(Block + Offset + Length, Capacity - Offset - Length));
        Length += bytes.Length;
    }

    public void Advance(int count)
    {
        Offset += count;
        Length -= count;
    }
}
