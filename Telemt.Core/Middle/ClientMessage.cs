using System.Buffers.Binary;

namespace Telemt.Core.Middle;

/// <summary>
/// What a client's message must look like for a middle proxy to take it (PROTOCOL F.7); others are dropped in silence, as the official
/// server does: one client's rubbish never reaches the connection that others share.
/// <code>
/// 0            8       16       20         24
/// | key: 8     | ...                            |     encrypted: at least 56 bytes
/// | 0: 8       | id: 8 | length | function | ... |     part of a key exchange
/// </code>
/// </summary>
internal static class ClientMessage
{
    private const int MinSize = 28;
    private const int MinEncrypted = 56;
    private const int PlainHeader = 20;

    private const uint ReqPq = 0x60469778;
    private const uint ReqPqMulti = 0xbe7e8ef1;
    private const uint ReqDhParams = 0xd712e4be;
    private const uint SetClientDhParams = 0xf5045f1f;

    public static bool IsFit(ReadOnlySpan<byte> message)
    {
        if (message.Length < MinSize || message.Length % 4 != 0)
        {
            return false;
        }

        if (BinaryPrimitives.ReadInt64LittleEndian(message) != 0)
        {
            return message.Length >= MinEncrypted;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(message[16..]);
        return length >= PlainHeader
            && length <= message.Length - PlainHeader
            && BinaryPrimitives.ReadUInt32LittleEndian(message[PlainHeader..]) is ReqPq or ReqPqMulti or ReqDhParams or SetClientDhParams;
    }
}
