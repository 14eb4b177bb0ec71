using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Telemt.Worker.Selftest.Mtproto;

/// <summary>Writes the TL serialisation; calls chain.</summary>
internal sealed class TlWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public TlWriter()
    {
    }

    public TlWriter(uint constructor) => Int((int)constructor);

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public TlWriter Int(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.GetSpan(4), value);
        _bytes.Advance(4);
        return this;
    }

    public TlWriter Long(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.GetSpan(8), value);
        _bytes.Advance(8);
        return this;
    }

    public TlWriter Raw(ReadOnlySpan<byte> value)
    {
        _bytes.Write(value);
        return this;
    }

    public TlWriter Text(string value) => Bytes(Encoding.UTF8.GetBytes(value));

    /// <inheritdoc cref="TlReader.Bytes"/>
    public TlWriter Bytes(ReadOnlySpan<byte> value)
    {
        var head = value.Length < 0xfe ? 1 : 4;
        if (head == 1)
        {
            Raw([(byte)value.Length]);
        }
        else
        {
            Raw([0xfe, (byte)value.Length, (byte)(value.Length >> 8), (byte)(value.Length >> 16)]);
        }

        Raw(value);
        return Raw(stackalloc byte[(4 - ((head + value.Length) % 4)) % 4]);
    }
}
