using System.Buffers.Binary;

namespace Telemt.Worker.Selftest.Mtproto;

/// <summary>Reads the TL serialisation: little-endian numbers, strings with a length and padded to four bytes.</summary>
/// <exception cref="InvalidDataException">From every member when the bytes end too early.</exception>
internal ref struct TlReader(ReadOnlySpan<byte> bytes)
{
    public ReadOnlySpan<byte> Rest { get; private set; } = bytes;

    public uint Constructor() => (uint)Int();

    public int Int() => BinaryPrimitives.ReadInt32LittleEndian(Raw(4));

    public long Long() => BinaryPrimitives.ReadInt64LittleEndian(Raw(8));

    public ReadOnlySpan<byte> Raw(int count)
    {
        if ((uint)count > (uint)Rest.Length)
        {
            throw new InvalidDataException("a TL object ends too early");
        }

        var taken = Rest[..count];
        Rest = Rest[count..];
        return taken;
    }

    /// <summary>One byte of length, or fe and three; content; zeros up to the next multiple of four.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        var first = Raw(1)[0];
        var length = (int)first;
        var head = 1;
        if (first == 0xfe)
        {
            var three = Raw(3);
            length = three[0] | (three[1] << 8) | (three[2] << 16);
            head = 4;
        }

        var content = Raw(length);
        Raw((4 - ((head + length) % 4)) % 4);
        return content;
    }
}
