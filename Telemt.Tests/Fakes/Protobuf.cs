using System.Buffers.Binary;
using System.Text;

namespace Telemt.Tests.Fakes;

/// <summary>The fields of a protobuf message as they stand on the wire, read without its schema.</summary>
internal sealed class Protobuf(ReadOnlyMemory<byte> bytes)
{
    /// <summary>Every sub-message in this field.</summary>
    public IEnumerable<Protobuf> Messages(int field) => Fields().Where(it => it.Number == field && it.Wire == 2).Select(it => new Protobuf(it.Bytes));

    public string Text(int field) => Fields().Where(it => it.Number == field && it.Wire == 2).Select(it => Encoding.UTF8.GetString(it.Bytes.Span)).FirstOrDefault("");

    public byte[] Bytes(int field) => Fields().Where(it => it.Number == field && it.Wire == 2).Select(it => it.Bytes.ToArray()).FirstOrDefault([]);

    /// <summary>A varint or fixed64; null when it is not there.</summary>
    public ulong? Number(int field) => Fields().Where(it => it.Number == field && it.Wire is 0 or 1 && it.Number == field).Select(it => (ulong?)it.Value).FirstOrDefault();

    private IEnumerable<(int Number, int Wire, ulong Value, ReadOnlyMemory<byte> Bytes)> Fields()
    {
        for (var at = 0; at < bytes.Length;)
        {
            var key = Varint(ref at);
            var (number, wire) = ((int)(key >> 3), (int)(key & 7));
            switch (wire)
            {
                case 0:
                    yield return (number, wire, Varint(ref at), default);
                    break;
                case 1:
                    yield return (number, wire, BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span[at..]), default);
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(ref at);
                    yield return (number, wire, 0, bytes.Slice(at, length));
                    at += length;
                    break;
                case 5:
                    yield return (number, wire, BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[at..]), default);
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"wire type {wire}");
            }
        }
    }

    private ulong Varint(ref int at)
    {
        var value = 0ul;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes.Span[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
