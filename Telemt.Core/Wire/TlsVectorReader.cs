using System.Buffers.Binary;

namespace Telemt.Core.Wire;

/// <summary>
/// Walks the length-prefixed vectors of a TLS message. Every method answers false instead of reading past the end, and then the
/// message is malformed: nothing that was read before counts.
/// </summary>
internal ref struct TlsVectorReader(ReadOnlySpan<byte> record, TlsRange range)
{
    private readonly ReadOnlySpan<byte> _record = record[..range.End];
    private int _at = range.Start;

    public readonly bool IsAtEnd => _at == _record.Length;

    public bool TryByte(out byte value)
    {
        value = 0;
        if (_record.Length - _at < 1)
        {
            return false;
        }

        value = _record[_at++];
        return true;
    }

    public bool TryUInt16(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(_record[_at..], out value))
        {
            return false;
        }

        _at += sizeof(ushort);
        return true;
    }

    public bool TryTake(int length, out TlsRange range)
    {
        range = default;
        if (_record.Length - _at < length)
        {
            return false;
        }

        range = new TlsRange((ushort)_at, (ushort)length);
        _at += length;
        return true;
    }

    /// <summary>A vector whose length stands before it in one byte.</summary>
    public bool TryVector8(out TlsRange range)
    {
        range = default;
        return TryByte(out var length) && TryTake(length, out range);
    }

    /// <summary>A vector whose length stands before it in two bytes.</summary>
    public bool TryVector16(out TlsRange range)
    {
        range = default;
        return TryUInt16(out var length) && TryTake(length, out range);
    }
}
