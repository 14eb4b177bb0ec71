using System.Buffers.Binary;

namespace Telemt.Core.Middle;

internal enum RpcKind : byte
{
    /// <summary>Of a type that we do not know: to be ignored.</summary>
    Unknown,

    /// <summary>Data for a client: one MTProto message.</summary>
    Answer,

    /// <summary>A quick acknowledgement for a client: Data is its token of 4 bytes.</summary>
    SimpleAck,

    /// <summary>A client's connection has ended on the other side.</summary>
    CloseExternal,

    /// <summary>As <see cref="CloseExternal"/>, in the words that we use.</summary>
    CloseConnection,
    Ping,
    Pong,
}

/// <summary>
/// A message of a middle proxy (PROTOCOL F.7), numbers little-endian:
/// <code>
/// 0             4       8      12     16
/// | 0d da 03 44 | flags | client: 8   | data |      RPC_PROXY_ANS
/// | 9b 40 ac 3b | client: 8   | token |             RPC_SIMPLE_ACK
/// | a2 34 b6 5e | client: 8   |                     RPC_CLOSE_EXT
/// | 5d 42 cf 1f | client: 8   |                     RPC_CLOSE_CONN
/// | df a2 30 57 | id: 8       |                     RPC_PING
/// | a7 ea 30 84 | id: 8       |                     RPC_PONG
/// </code>
/// </summary>
internal readonly ref struct RpcMessage
{
    /// <summary>Size of all that carry an id and nothing else.</summary>
    public const int ShortSize = 12;

    private const int AnswerHeader = 16;
    private const int AckSize = 16;

    public RpcKind Kind { get; private init; }

    /// <summary>Of the client's connection; of the ping.</summary>
    public long Id { get; private init; }

    public ReadOnlySpan<byte> Data { get; private init; }

    /// <summary>False for a known type of another shape: the sender is no middle proxy, or out of step.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out RpcMessage message)
    {
        message = default;
        if (body.Length < sizeof(uint))
        {
            return false;
        }

        switch (BinaryPrimitives.ReadUInt32LittleEndian(body))
        {
            case RpcType.ProxyAnswer when body.Length > AnswerHeader:
                message = new RpcMessage
                {
                    Kind = RpcKind.Answer, Id = BinaryPrimitives.ReadInt64LittleEndian(body[8..]), Data = body[AnswerHeader..],
                };
                return true;
            case RpcType.SimpleAck when body.Length == AckSize:
                message = Short(RpcKind.SimpleAck, body);
                return true;
            case RpcType.CloseExternal when body.Length == ShortSize:
                message = Short(RpcKind.CloseExternal, body);
                return true;
            case RpcType.CloseConnection when body.Length == ShortSize:
                message = Short(RpcKind.CloseConnection, body);
                return true;
            case RpcType.Ping when body.Length == ShortSize:
                message = Short(RpcKind.Ping, body);
                return true;
            case RpcType.Pong when body.Length == ShortSize:
                message = Short(RpcKind.Pong, body);
                return true;
            case RpcType.ProxyAnswer or RpcType.SimpleAck or RpcType.CloseExternal or RpcType.CloseConnection or RpcType.Ping or RpcType.Pong:
                return false;
            default:
                return true;
        }
    }

    /// <summary>Writes a message that carries an id and nothing else.</summary>
    /// <param name="body">Receives <see cref="ShortSize"/> bytes.</param>
    public static void WriteShort(uint type, long id, Span<byte> body)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(body, type);
        BinaryPrimitives.WriteInt64LittleEndian(body[4..], id);
    }

    private static RpcMessage Short(RpcKind kind, ReadOnlySpan<byte> body) =>
        new() { Kind = kind, Id = BinaryPrimitives.ReadInt64LittleEndian(body[4..]), Data = body[ShortSize..] };
}
