using System.Buffers.Binary;

namespace Telemt.Core.Client;

/// <summary>Bytes that grow, with the length fields of TLS: each opened before its content and filled in when that is complete.</summary>
internal ref struct HelloBuffer(Span<byte> bytes)
{
    private readonly Span<byte> _bytes = bytes;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _bytes[..Length];

    public void Byte(byte value) => _bytes[Length++] = value;

    public void Word(int value) => BinaryPrimitives.WriteUInt16BigEndian(Take(2), (ushort)value);

    public void Bytes(scoped ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    public Span<byte> Take(int count)
    {
        var taken = _bytes.Slice(Length, count);
        Length += count;
        return taken;
    }

    /// <summary>Leaves room for a length of two bytes; give the result to <see cref="CloseWord"/>.</summary>
    public int OpenWord()
    {
        Take(2).Clear();
        return Length;
    }

    public readonly void CloseWord(int content) =>
        BinaryPrimitives.WriteUInt16BigEndian(_bytes[(content - 2)..], checked((ushort)(Length - content)));
}
