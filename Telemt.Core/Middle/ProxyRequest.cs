using System.Buffers.Binary;
using System.Net;
using Telemt.Core.Wire;

namespace Telemt.Core.Middle;

/// <summary>
/// What stands before each message of one client on its way to a middle proxy (PROTOCOL F.7), numbers little-endian:
/// <code>
/// 0             4       8           16              32     36             52     56
/// | ee f1 ce 36 | flags | client: 8 | its IPv6: 16  | port | our IPv6: 16 | port | ...
///
/// 56            60            64   65       81    84
/// | extra: 24   | ae 26 1e db | 10 | tag: 16 | 0: 3 |      with a tag
/// </code>
/// IPv4 addresses stand as ::ffff:a.b.c.d. Made once for a client; the flags of each message are put in as it goes.
/// </summary>
internal sealed class ProxyRequest
{
    public const int TagSize = 16;
    public const int SizeWithoutTag = 56;
    public const int SizeWithTag = 84;

    public const uint NotEncrypted = 0x0000_0002;
    public const uint HasTag = 0x0000_0008;
    public const uint Always = 0x0002_1000;
    public const uint Padded = 0x0800_0000;
    public const uint Intermediate = 0x2000_0000;
    public const uint Abridged = 0x4000_0000;
    public const uint QuickAck = 0x8000_0000;

    private const uint TagType = 0xdb1e26ae;
    private const int ExtraSize = SizeWithTag - SizeWithoutTag - sizeof(int);

    private readonly byte[] _header;
    private readonly uint _flags;

    /// <param name="id">Of the client's connection; ours to choose, one for its whole life.</param>
    /// <param name="ours">Our address as the middle proxy sees it.</param>
    /// <param name="tag">16 bytes, or nothing.</param>
    public ProxyRequest(long id, ClientAddress client, IPEndPoint ours, ProtocolTag framing, ReadOnlySpan<byte> tag)
    {
        _flags = FlagsOf(framing) | (tag.IsEmpty ? 0 : HasTag);
        _header = new byte[tag.IsEmpty ? SizeWithoutTag : SizeWithTag];
        Id = id;
        BinaryPrimitives.WriteUInt32LittleEndian(_header, RpcType.ProxyRequest);
        BinaryPrimitives.WriteInt64LittleEndian(_header.AsSpan(8), id);
        client.WriteAddress(_header.AsSpan(16));
        BinaryPrimitives.WriteInt32LittleEndian(_header.AsSpan(32), client.Port);
        new ClientAddress(ours).WriteAddress(_header.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(_header.AsSpan(52), ours.Port);
        if (!tag.IsEmpty)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(tag.Length, TagSize, nameof(tag));
            BinaryPrimitives.WriteInt32LittleEndian(_header.AsSpan(56), ExtraSize);
            BinaryPrimitives.WriteUInt32LittleEndian(_header.AsSpan(60), TagType);
            _header[64] = TagSize;
            tag.CopyTo(_header.AsSpan(65));
        }
    }

    public long Id { get; }

    /// <summary>Bytes before the message.</summary>
    public int Size => _header.Length;

    /// <summary>Writes header and message.</summary>
    /// <param name="message">A multiple of 4 bytes, at least 8.</param>
    /// <param name="body">Receives <see cref="Size"/> bytes and the message.</param>
    public void Write(ReadOnlySpan<byte> message, bool quickAck, Span<byte> body)
    {
        var flags = _flags | (quickAck ? QuickAck : 0);
        if (BinaryPrimitives.ReadInt64LittleEndian(message) == 0)
        {
            flags |= NotEncrypted;
        }

        _header.CopyTo(body);
        BinaryPrimitives.WriteUInt32LittleEndian(body[4..], flags);
        message.CopyTo(body[Size..]);
    }

    private static uint FlagsOf(ProtocolTag framing) => Always | framing switch
    {
        ProtocolTag.Abridged => Abridged,
        ProtocolTag.Intermediate => Intermediate,
        ProtocolTag.PaddedIntermediate => Intermediate | Padded,
        _ => throw new ArgumentOutOfRangeException(nameof(framing)),
    };
}
