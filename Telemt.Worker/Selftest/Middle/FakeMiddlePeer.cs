using System.Buffers;
using System.Buffers.Binary;
using Telemt.Core;
using Telemt.Core.Crypto;
using Telemt.Core.Middle;

namespace Telemt.Worker.Selftest.Middle;

/// <summary>
/// A middle proxy's side of one connection, bytes in and bytes out: nonces, handshake, frames. Not for several threads.
/// </summary>
internal sealed class FakeMiddlePeer(MiddleSecret secret, FakeMiddleOptions options, TimeProvider clock, IRandomSource random)
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly byte[] _nonce = new byte[MiddleKeys.NonceSize];
    private byte[] _held = [];
    private int _length;
    private RpcReader _reader = new(null, RpcFrame.NonceSequence);
    private RpcWriter? _writer;

    /// <summary>Both ends as this side sees them; set before the first byte.</summary>
    public MiddleEnds Ends { get; set; }

    /// <summary>The handshake is done.</summary>
    public bool IsReady { get; private set; }

    /// <summary>What is to be sent; <see cref="Sent"/> takes it away.</summary>
    public ReadOnlyMemory<byte> Output => _output.WrittenMemory;

    public void Sent() => _output.ResetWrittenCount();

    /// <summary>Goes on with what came and tells of each message's body behind the handshake.</summary>
    /// <exception cref="InvalidDataException">What no proxy would say.</exception>
    public void Receive(ReadOnlySpan<byte> bytes, Action<ReadOnlyMemory<byte>> onMessage)
    {
        if (_held.Length - _length < bytes.Length)
        {
            Array.Resize(ref _held, Math.Max(_length + bytes.Length, _held.Length * 2));
        }

        bytes.CopyTo(_held.AsSpan(_length));
        _length += bytes.Length;
        var at = 0;
        while (true)
        {
            var reader = _reader;
            var step = reader.Next(_held.AsSpan(at, _length - at));
            if (step == RpcStep.Broken)
            {
                throw new InvalidDataException($"the proxy's frames break: {reader.Fault}");
            }

            if (step == RpcStep.Read)
            {
                at += reader.Consumed;
                break;
            }

            var (start, size) = reader.Body.GetOffsetAndLength(_length - at);
            var body = _held.AsMemory(at + start, size);
            if (IsReady)
            {
                onMessage(body);
            }
            else if (_writer is null)
            {
                TakeNonce(body.Span);
            }
            else
            {
                TakeHello(body.Span);
            }

            at += reader.Consumed;
        }

        _held.AsSpan(at, _length - at).CopyTo(_held);
        _length -= at;
    }

    /// <summary>Writes a message's frame, with words of padding in front where the options say so.</summary>
    /// <param name="body">A multiple of 4 bytes.</param>
    public void Send(ReadOnlySpan<byte> body)
    {
        var frame = _output.GetSpan(RpcWriter.SizeOf(body.Length))[..RpcWriter.SizeOf(body.Length)];
        body.CopyTo(frame[RpcFrame.HeaderSize..]);
        _writer!.Seal(frame, body.Length);
        _output.Advance(frame.Length);
    }

    public void SendShort(uint type, long id)
    {
        Span<byte> body = stackalloc byte[RpcMessage.ShortSize];
        RpcMessage.WriteShort(type, id, body);
        Send(body);
    }

    public void SendAck(long client, ReadOnlySpan<byte> token)
    {
        Span<byte> body = stackalloc byte[RpcMessage.ShortSize + 4];
        RpcMessage.WriteShort(RpcType.SimpleAck, client, body);
        token.CopyTo(body[RpcMessage.ShortSize..]);
        Send(body);
    }

    public void SendAnswer(long client, ReadOnlySpan<byte> data)
    {
        const int Header = 16;
        var body = ArrayPool<byte>.Shared.Rent(Header + data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(body, RpcType.ProxyAnswer);
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(4), 0);
        BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan(8), client);
        data.CopyTo(body.AsSpan(Header));
        Send(body.AsSpan(0, Header + data.Length));
        ArrayPool<byte>.Shared.Return(body);
    }

    private void TakeNonce(ReadOnlySpan<byte> body)
    {
        if (!MiddleNonce.TryRead(body, out var theirs) || theirs.Schema != MiddleNonce.AesSchema)
        {
            throw new InvalidDataException("the proxy's first frame is no nonce for AES");
        }

        if (theirs.KeySelector != secret.KeySelector)
        {
            throw new InvalidDataException("the proxy has another secret");
        }

        random.Fill(_nonce);
        var frame = _output.GetSpan(MiddleNonce.FrameSize)[..MiddleNonce.FrameSize];
        new MiddleNonce
        {
            KeySelector = options.KeySelector ?? secret.KeySelector,
            Schema = options.Schema,
            Time = (uint)(clock.GetUtcNow().ToUnixTimeSeconds() + options.SkewSeconds),
            Nonce = _nonce,
        }.Write(frame[RpcFrame.HeaderSize..]);
        new RpcWriter(null, RpcFrame.NonceSequence).Seal(frame, MiddleNonce.Size);
        _output.Advance(frame.Length);

        Span<byte> key = stackalloc byte[AesCtr.KeySize];
        Span<byte> iv = stackalloc byte[AesCtr.IvSize];
        MiddleKeys.Derive(secret, Ends, theirs.Nonce, _nonce, theirs.Time, fromUs: true, key, iv);
        _reader = new RpcReader(new AesCbcDecryptor(key, iv), RpcFrame.HandshakeSequence);
        MiddleKeys.Derive(secret, Ends, theirs.Nonce, _nonce, theirs.Time, fromUs: false, key, iv);
        _writer = new RpcWriter(new AesCbcEncryptor(key, iv), RpcFrame.HandshakeSequence);
    }

    private void TakeHello(ReadOnlySpan<byte> body)
    {
        if (!MiddleHello.TryRead(body, out var flags))
        {
            throw new InvalidDataException("the proxy's first encrypted frame is no handshake");
        }

        var granted = options.GrantCrc32C ? flags & MiddleHello.Crc32CFlag : 0;
        Span<byte> answer = stackalloc byte[MiddleHello.Size];
        MiddleHello.Write(
            granted,
            body.Slice(MiddleHello.PeerOffset, MiddleHello.IdSize),
            options.WrongProcessId ? new byte[MiddleHello.IdSize] : body.Slice(MiddleHello.SenderOffset, MiddleHello.IdSize),
            answer);
        if (options.RefuseWith != 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(answer, 0x6a27beda);
            BinaryPrimitives.WriteInt32LittleEndian(answer[4..], options.RefuseWith);
        }

        Send(answer);
        _reader.Crc32C = _writer!.Crc32C = granted != 0;
        IsReady = true;
    }
}
