using System.Net;
using Telemt.Core.Crypto;

namespace Telemt.Core.Middle;

internal enum MiddleStep : byte
{
    /// <summary>More has to come.</summary>
    Read,

    /// <summary><see cref="MiddleHandshake.Output"/> is to be sent.</summary>
    Write,

    /// <summary>Reader and writer are for use; bytes behind <see cref="MiddleHandshake.Consumed"/> are theirs.</summary>
    Ready,

    /// <summary><see cref="MiddleHandshake.Fault"/> says why.</summary>
    Broken,
}

/// <summary>
/// Our side of the way into a middle proxy (PROTOCOL F.3 to F.6): nonces in the clear, keys from both, then a handshake in each direction
/// under them. Bytes in, bytes out; one for each connection, not for several threads.
/// </summary>
internal sealed class MiddleHandshake
{
    /// <summary>As much as clocks may be apart.</summary>
    public const int MaxSkewSeconds = 30;

    private readonly MiddleSecret _secret;
    private readonly MiddleEnds _ends;
    private readonly TimeProvider _clock;
    private readonly byte[] _nonce = new byte[MiddleKeys.NonceSize];
    private readonly byte[] _ourId = new byte[MiddleHello.IdSize];
    private readonly byte[] _output = new byte[RpcWriter.SizeOf(MiddleHello.Size)];
    private readonly uint _time;
    private RpcReader _reader = new(null, RpcFrame.NonceSequence);
    private RpcWriter? _writer;
    private int _outputSize;

    /// <param name="random">For the nonce and our process id.</param>
    public MiddleHandshake(MiddleSecret secret, in MiddleEnds ends, TimeProvider clock, IRandomSource random)
    {
        _secret = secret;
        _ends = ends;
        _clock = clock;
        _time = Now();
        random.Fill(_nonce);
        Span<byte> process = stackalloc byte[2];
        random.Fill(process);
        MiddleHello.WriteId(IdAddress(ends.Ours.Address), ends.Ours.Port, BitConverter.ToUInt16(process), _time, _ourId);

        new MiddleNonce { KeySelector = secret.KeySelector, Schema = MiddleNonce.AesSchema, Time = _time, Nonce = _nonce }
            .Write(_output.AsSpan(RpcFrame.HeaderSize));
        new RpcWriter(null, RpcFrame.NonceSequence).Seal(_output.AsSpan(0, MiddleNonce.FrameSize), MiddleNonce.Size);
        _outputSize = MiddleNonce.FrameSize;
    }

    /// <summary>To be sent at once, and again after each Write.</summary>
    public ReadOnlyMemory<byte> Output => _output.AsMemory(0, _outputSize);

    /// <summary>Bytes of what is held that are done with; drop them before the next call.</summary>
    public int Consumed => _reader.Consumed;

    public MiddleFault Fault { get; private set; }

    /// <summary>What a refusal said; 0 for none.</summary>
    public int RefusedWith { get; private set; }

    /// <summary>Its clock less ours, in seconds; known with its nonce.</summary>
    public int SkewSeconds { get; private set; }

    /// <summary>Our encrypted handshake is out: what goes wrong from here on may be a matter of keys, and so of addresses.</summary>
    public bool KeysInUse => _writer is not null;

    /// <summary>Valid after Ready: the frames from sequence 0 on.</summary>
    public RpcReader Reader => _reader;

    /// <inheritdoc cref="Reader"/>
    public RpcWriter Writer => _writer!;

    /// <param name="held">All bytes that came and are not done with.</param>
    public MiddleStep Step(Span<byte> held)
    {
        switch (_reader.Next(held))
        {
            case RpcStep.Read:
                return MiddleStep.Read;
            case RpcStep.Broken:
                return Break(_reader.Fault);
            default:
                var body = held[_reader.Body];
                return _writer is null ? TakeNonce(body) : TakeHello(body);
        }
    }

    private MiddleStep TakeNonce(ReadOnlySpan<byte> body)
    {
        if (!MiddleNonce.TryRead(body, out var nonce))
        {
            return Break(MiddleFault.NotANonce);
        }

        SkewSeconds = (int)Math.Clamp((long)nonce.Time - Now(), int.MinValue, int.MaxValue);
        var fault = nonce.KeySelector != _secret.KeySelector ? MiddleFault.KeySelector
            : nonce.Schema != MiddleNonce.AesSchema ? MiddleFault.CryptoSchema
            : Math.Abs((long)SkewSeconds) > MaxSkewSeconds ? MiddleFault.ClockSkew
            : MiddleFault.None;
        if (fault != MiddleFault.None)
        {
            return Break(fault);
        }

        var consumed = _reader.Consumed;
        Span<byte> key = stackalloc byte[AesCtr.KeySize];
        Span<byte> iv = stackalloc byte[AesCtr.IvSize];
        MiddleKeys.Derive(_secret, _ends, _nonce, nonce.Nonce, _time, fromUs: false, key, iv);
        _reader = RpcReader.Behind(consumed, new AesCbcDecryptor(key, iv), RpcFrame.HandshakeSequence);
        MiddleKeys.Derive(_secret, _ends, _nonce, nonce.Nonce, _time, fromUs: true, key, iv);
        _writer = new RpcWriter(new AesCbcEncryptor(key, iv), RpcFrame.HandshakeSequence);

        Span<byte> peer = stackalloc byte[MiddleHello.IdSize];
        MiddleHello.WriteId(IdAddress(_ends.Middle.Address), _ends.Middle.Port, 0, 0, peer);
        MiddleHello.Write(MiddleHello.Crc32CFlag, _ourId, peer, _output.AsSpan(RpcFrame.HeaderSize));
        _outputSize = _output.Length;
        _writer.Seal(_output, MiddleHello.Size);
        return MiddleStep.Write;
    }

    private MiddleStep TakeHello(ReadOnlySpan<byte> body)
    {
        if (MiddleHello.TryReadRefusal(body, out var error))
        {
            RefusedWith = error;
            return Break(MiddleFault.HandshakeRefused);
        }

        if (!MiddleHello.TryRead(body, out var flags))
        {
            return Break(MiddleFault.NotAHandshake);
        }

        if (!body.Slice(MiddleHello.PeerOffset, MiddleHello.IdSize).SequenceEqual(_ourId))
        {
            return Break(MiddleFault.ProcessId);
        }

        _reader.Crc32C = _writer!.Crc32C = (flags & MiddleHello.Crc32CFlag) != 0;
        return MiddleStep.Ready;
    }

    private MiddleStep Break(MiddleFault fault)
    {
        Fault = fault;
        return MiddleStep.Broken;
    }

    private uint Now() => (uint)_clock.GetUtcNow().ToUnixTimeSeconds();

    private static uint IdAddress(IPAddress address) => IPAddress.IsLoopback(address) ? 0 : MiddleKeys.NumberOf(address);
}
