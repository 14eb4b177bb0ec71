using System.Buffers;
using Telemt.Core.Wire;

namespace Telemt.Core.Client;

internal enum ProbeState
{
    /// <summary>The ClientHello is out.</summary>
    Handshake,

    /// <summary>req_pq_multi is out.</summary>
    Question,

    /// <summary>The DC answered with our nonce.</summary>
    Answered,

    Failed,
}

/// <summary>Why a probe failed.</summary>
internal enum ProbeFailure
{
    None,

    /// <summary>See <see cref="ServerFlightStatus"/>; most often the secret is unknown there, or a clock is wrong.</summary>
    Handshake,

    /// <summary>What came back cannot be a frame, or not the records of a proxy.</summary>
    Garbled,

    /// <summary>The DC (or whoever spoke for it) answered with a number: <see cref="LivenessProbe.TransportError"/>.</summary>
    TransportError,

    WrongNonce,
    UnexpectedAnswer,
}

/// <summary>
/// One question through a proxy and its answer, sans I/O: send <see cref="Output"/>, give <see cref="Receive"/> what comes, until
/// <see cref="State"/> is Answered or Failed. Time-outs and closed connections are the caller's.
/// </summary>
internal sealed class LivenessProbe
{
    /// <summary>resPQ is about 100 bytes; nobody may make us hold more.</summary>
    private const int MaxFrame = 4096;

    private readonly ProxyClient _client;
    private readonly FrameReader _reader;
    private readonly IRandomSource _random;
    private readonly TimeProvider _clock;
    private readonly byte[] _nonce = new byte[ReqPq.NonceSize];
    private readonly ArrayBufferWriter<byte> _flight = new();

    /// <inheritdoc cref="ProxyClient(ClientSecret?, ProtocolTag, short, IRandomSource, TimeProvider, HelloStyle)"/>
    public LivenessProbe(ClientSecret? secret, ProtocolTag tag, short dc, IRandomSource random, TimeProvider clock)
    {
        _client = new ProxyClient(secret, tag, dc, random, clock);
        _reader = new FrameReader(_client.Framing, FrameSource.Server, MaxFrame);
        _random = random;
        _clock = clock;
        random.Fill(_nonce);
        if (_client.Status == ServerFlightStatus.Accepted)
        {
            Ask();
        }
        else
        {
            Output = _client.Hello;
        }
    }

    public ProbeState State { get; private set; }

    public ProbeFailure Failure { get; private set; }

    /// <summary>How the handshake of fake TLS ended; Accepted outside it.</summary>
    public ServerFlightStatus HandshakeStatus => _client.Status;

    /// <summary>The negative number of <see cref="ProbeFailure.TransportError"/>.</summary>
    public int TransportError { get; private set; }

    /// <summary>What to send now: anew after the constructor, and after a <see cref="Receive"/> that moved on to Question.</summary>
    public ReadOnlyMemory<byte> Output { get; private set; }

    /// <param name="bytes">What came since the last call; overwritten.</param>
    public ProbeState Receive(Span<byte> bytes)
    {
        Output = default;
        if (State == ProbeState.Handshake)
        {
            bytes = FinishHandshake(bytes);
        }

        if (State == ProbeState.Question && !bytes.IsEmpty)
        {
            ReadAnswer(bytes);
        }

        return State;
    }

    /// <returns>What came behind the handshake; it is not over while this is empty and the state stays.</returns>
    private Span<byte> FinishHandshake(Span<byte> bytes)
    {
        _flight.Write(bytes);
        var status = _client.Receive(_flight.WrittenSpan, out var used);
        if (status == ServerFlightStatus.Accepted)
        {
            Ask();
            return _flight.WrittenSpan[used..].ToArray();
        }

        if (status != ServerFlightStatus.Read)
        {
            Fail(ProbeFailure.Handshake);
        }

        return [];
    }

    private void Ask()
    {
        Span<byte> message = stackalloc byte[ReqPq.RequestSize];
        Span<byte> frame = stackalloc byte[ReqPq.RequestSize + Framing.MaxOverhead];
        ReqPq.WriteRequest(_nonce, _clock, message);
        var size = _client.Framing.Write(message, quickAck: false, _random, frame);
        var sealedBytes = new byte[ClientStream.MaxSealedSize(size)];
        Output = sealedBytes.AsMemory(0, _client.Stream.Seal(frame[..size], sealedBytes));
        State = ProbeState.Question;
    }

    private void ReadAnswer(Span<byte> bytes)
    {
        var length = _client.Stream.Open(bytes);
        if (length < 0)
        {
            Fail(ProbeFailure.Garbled);
            return;
        }

        ReadOnlySpan<byte> input = bytes[..length];
        switch (_reader.Step(ref input))
        {
            case FrameStep.Read:
                break;
            case FrameStep.Frame:
                Judge(_reader.Payload);
                break;
            default:
                Fail(ProbeFailure.Garbled);
                break;
        }
    }

    private void Judge(ReadOnlySpan<byte> payload)
    {
        switch (ReqPq.ReadAnswer(payload, _nonce, out var error))
        {
            case ReqPqAnswer.Ok:
                State = ProbeState.Answered;
                break;
            case ReqPqAnswer.TransportError:
                TransportError = error;
                Fail(ProbeFailure.TransportError);
                break;
            case ReqPqAnswer.WrongNonce:
                Fail(ProbeFailure.WrongNonce);
                break;
            default:
                Fail(ProbeFailure.UnexpectedAnswer);
                break;
        }
    }

    private void Fail(ProbeFailure failure)
    {
        Failure = failure;
        State = ProbeState.Failed;
    }
}
