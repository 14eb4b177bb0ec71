using System.Buffers.Binary;
using Telemt.Core;

namespace Telemt.Worker.Selftest.Mtproto;

/// <summary>
/// A DC's side of MTProto for one connection: messages in, messages out, both without framing. Enough for a real client to agree on
/// a key and to make a call.
/// </summary>
internal sealed class MtprotoServer(KeyExchange exchange, AuthKeys keys, short dc, TimeProvider clock, IRandomSource random)
{
    /// <summary>Key id 0, message id, length.</summary>
    private const int PlainHeader = 20;

    private const int InnerHeader = 32;
    private const int NoSuchKey = -404;

    private readonly List<byte[]> _answers = [];
    private long _session;
    private long _lastId;
    private int _contentMessages;

    /// <summary>Encrypted messages that were understood.</summary>
    public int Messages { get; private set; }

    /// <exception cref="InvalidDataException">No client of Telegram says this.</exception>
    public IReadOnlyList<byte[]> Receive(ReadOnlySpan<byte> message)
    {
        _answers.Clear();
        if (message.Length < PlainHeader)
        {
            throw new InvalidDataException("a message is at least 20 bytes");
        }

        var id = BinaryPrimitives.ReadInt64LittleEndian(message);
        if (id == 0)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(message[16..]);
            var body = new TlReader(message[PlainHeader..]).Raw(length);
            var answer = exchange.Answer(body);
            _answers.Add(new TlWriter().Long(0).Long(NextId(answer: true)).Int(answer.Length).Raw(answer).ToArray());
        }
        else if (message.Length < AuthKey.MinSize || keys.Find(id) is not { } key)
        {
            _answers.Add(new TlWriter().Int(NoSuchKey).ToArray());
        }
        else
        {
            ReceiveEncrypted(key, key.Decrypt(message));
        }

        return _answers;
    }

    private void ReceiveEncrypted(AuthKey key, ReadOnlySpan<byte> plain)
    {
        Messages++;
        var session = BinaryPrimitives.ReadInt64LittleEndian(plain[8..]);
        var id = BinaryPrimitives.ReadInt64LittleEndian(plain[16..]);
        var body = new TlReader(plain[InnerHeader..]).Raw(BinaryPrimitives.ReadInt32LittleEndian(plain[28..]));
        if (session != _session)
        {
            _session = session;
            Send(key, new TlWriter(Tl.NewSessionCreated).Long(id).Long(session).Long(key.Salt), answer: false);
        }

        Handle(key, id, body);
    }

    private void Handle(AuthKey key, long id, ReadOnlySpan<byte> body)
    {
        var reader = new TlReader(body);
        switch (reader.Constructor())
        {
            case Tl.Container:
                for (var left = reader.Int(); left > 0; left--)
                {
                    var innerId = reader.Long();
                    reader.Int();
                    Handle(key, innerId, reader.Raw(reader.Int()));
                }

                break;
            case Tl.GzipPacked:
                Handle(key, id, Calls.Unpack(reader.Bytes()));
                break;
            case Tl.MsgsAck or Tl.HttpWait:
                break;
            case Tl.Ping or Tl.PingDelayDisconnect:
                Send(key, new TlWriter(Tl.Pong).Long(id).Long(reader.Long()), answer: true);
                break;
            case Tl.MsgsStateReq:
                // Each of them "received": 4.
                reader.Constructor();
                var states = new byte[reader.Int()];
                states.AsSpan().Fill(4);
                Send(key, new TlWriter(Tl.MsgsStateInfo).Long(id).Bytes(states), answer: true);
                break;
            case Tl.GetFutureSalts:
                var now = (int)clock.GetUtcNow().ToUnixTimeSeconds();
                Send(key, new TlWriter(Tl.FutureSalts).Long(id).Int(now).Int(1).Int(now).Int(now + 86_400).Long(key.Salt), answer: true);
                break;
            case Tl.DestroySession:
                Send(key, new TlWriter(Tl.DestroySessionNone).Long(reader.Long()), answer: true);
                break;
            case Tl.RpcDropAnswer:
                Send(key, new TlWriter(Tl.RpcResult).Long(id).Int((int)Tl.RpcAnswerUnknown), answer: true);
                break;
            default:
                Send(key, new TlWriter(Tl.RpcResult).Long(id).Raw(Calls.Answer(body, dc, clock)), answer: true);
                break;
        }
    }

    private void Send(AuthKey key, TlWriter body, bool answer)
    {
        var plain = new TlWriter()
            .Long(key.Salt).Long(_session).Long(NextId(answer))
            .Int((_contentMessages++ * 2) + 1).Int(body.Written.Length).Raw(body.Written);
        var padding = new byte[12 + ((16 - ((plain.Written.Length + 12) % 16)) % 16)];
        random.Fill(padding);
        _answers.Add(key.Encrypt(plain.Raw(padding).Written));
    }

    /// <summary>Time × 2^32, growing; 1 modulo 4 for an answer, 3 for the rest.</summary>
    private long NextId(bool answer)
    {
        var milliseconds = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var id = (((milliseconds / 1000) << 32) | ((milliseconds % 1000) << 22)) & ~3L;
        id = Math.Max(id, (_lastId & ~3L) + 4) | (answer ? 1L : 3L);
        _lastId = id;
        return id;
    }
}
