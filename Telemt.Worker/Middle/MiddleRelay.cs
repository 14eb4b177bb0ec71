using Telemt.Core;
using Telemt.Core.Crypto;
using Telemt.Core.Fronting;
using Telemt.Core.Gate;
using Telemt.Core.Middle;
using Telemt.Core.Wire;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Middle;

/// <summary>
/// Carries one client over a shared connection to a middle proxy. Up: out of its records, cipher and framing, message by message, no
/// more read while the connection is full. Down: into its framing, cipher and records; what its socket does not take is queued up to
/// client_queue, since the source is everybody's. An idle client holds no buffer. Loop thread only.
/// </summary>
internal sealed class MiddleRelay : LoopTimer, ISocketOwner, ILoopWork, IRelay, IStallHolder
{
    /// <summary>A proxy adds less than clients do, or the sum would look like payload (PROTOCOL B.3).</summary>
    private const int MaxPadding = 3;

    private readonly LoopSocket _client;
    private readonly MiddleConnection _middle;
    private readonly UserLane _lane;
    private readonly Line _upLine;
    private readonly Line _downLine;
    private readonly IRelayOwner _owner;
    private readonly IRandomSource _random;
    private readonly ProxyRequest _request;
    private readonly Framing _framing;
    private readonly AesCtr _up;
    private readonly AesCtr _down;
    private RecordSizer _sizer;
    private readonly long _mostQueued;
    private readonly long _started;
    private readonly bool _tls;
    private TlsRecordReader _records;
    private GrowingBytes? _partial;
    private SendQueue? _queue;
    private long _tellAt = 1;
    private bool _isSpokenTo;
    private bool _clientEnded;
    private bool _middleEnded;
    private bool _sinkEnded;
    private bool _queued;
    private bool _isFull;
    private bool _ended;

    /// <param name="client">From the gate; its ciphers go into the relay.</param>
    /// <param name="mostQueued">client_queue.</param>
    public MiddleRelay(
        LoopSocket socket,
        MiddleConnection middle,
        ProxyRequest request,
        ReadyClient client,
        UserLane lane,
        IRelayOwner owner,
        IRandomSource random,
        long mostQueued,
        RecordSizer sizer)
    {
        (_client, _middle, _request, _owner, _random, _mostQueued) = (socket, middle, request, owner, random, mostQueued);
        _lane = lane;
        _upLine = new Line(this);
        _downLine = new Line(this);
        lane.Enter();
        _sizer = sizer;
        _framing = Framing.For(client.Tag);
        _up = client.Up;
        _down = new AesCtr(client.DownKey, client.DownIv);
        _tls = client.Mode == ClientMode.Tls;
        _records = client.Records;
        _started = LastMove = Loop.Now;
        middle.Add(this);
    }

    public long Id => _request.Id;

    public long BytesUp { get; private set; }

    public long BytesDown { get; private set; }

    public long LastMove { get; private set; }

    /// <summary>Messages that no middle proxy would take, and that went nowhere.</summary>
    public long Dropped { get; private set; }

    /// <summary>The connection is full and calls back; its own mark.</summary>
    public bool WaitsForRoom { get; set; }

    object IStallHolder.Payer => _lane.Share;

    long IStallHolder.Backlog => (_queue?.Held ?? 0) + (_partial?.Capacity ?? 0);

    IStallHolder? IStallHolder.StalledBefore { get; set; }

    IStallHolder? IStallHolder.StalledAfter { get; set; }

    private EventLoop Loop => _client.Loop;

    private BufferPool Buffers => Loop.Buffers;

    private bool IsQueueEmpty => _queue is null or { IsEmpty: true };

    public void Start(ReadOnlySpan<byte> first)
    {
        _client.Owner = this;
        _client.TakeAll();
        ApplyLimits();
        if (!first.IsEmpty)
        {
            var chunk = Buffers.ScratchBytes[..first.Length];
            first.CopyTo(chunk);
            Take(chunk);
        }

        PumpUp();
        Tell();
    }

    public void ApplyLimits()
    {
        if (!_ended && NextDue(out _) is var due && due != long.MaxValue)
        {
            Loop.Timers.Arm(this, due);
        }
    }

    public void End(RelayEnd end)
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        Loop.Timers.Cancel(this);
        _middle.Remove(this, tell: true);
        _partial?.Release();
        _queue?.Release();
        Buffers.Stalled.Remove(this);
        LeaveLane();
        if (end == RelayEnd.NearReset)
        {
            _client.Abort();
        }
        else
        {
            _client.Close();
        }

        _owner.OnRelayEnded(end);
    }

    public void TellAt(long bytes) => _tellAt = bytes;

    public void EndForMemory() => End(RelayEnd.Memory);

    /// <summary>A message for the client.</summary>
    /// <param name="data">Not in the scratch buffer: that is where it goes, enciphered.</param>
    public void OnAnswer(ReadOnlySpan<byte> data)
    {
        if (_ended)
        {
            return;
        }

        Span<byte> padding = stackalloc byte[MaxPadding + 1];
        var padded = 0;
        if (_framing is PaddedIntermediate)
        {
            _random.Fill(padding);
            padded = padding[MaxPadding] & MaxPadding;
        }

        LastMove = Loop.Now;
        var scratch = Buffers.ScratchBytes;
        var at = _framing.WriteHeader(data.Length + padded, quickAck: false, scratch);
        _down.Transform(scratch[..at]);
        while (true)
        {
            var piece = Math.Min(data.Length, scratch.Length - at - padded);
            _down.Transform(data[..piece], scratch[at..]);
            at += piece;
            data = data[piece..];
            if (data.IsEmpty)
            {
                _down.Transform(padding[..padded], scratch[at..]);
                Emit(at + padded);
                Tell();
                return;
            }

            if (!Emit(at))
            {
                return;
            }

            // A full sink may have kept the buffer itself.
            scratch = Buffers.ScratchBytes;
            at = 0;
        }
    }

    /// <summary>A quick acknowledgement for the client.</summary>
    public void OnAck(ReadOnlySpan<byte> token)
    {
        if (_ended)
        {
            return;
        }

        var scratch = Buffers.ScratchBytes[..token.Length];
        _framing.WriteQuickAck(token, scratch);
        _down.Transform(scratch);
        Emit(scratch.Length);
    }

    /// <summary>The other side has ended: what is queued still goes to the client, then the end.</summary>
    public void OnClosed()
    {
        _middleEnded = true;
        _middle.Remove(this, tell: false);
        LastMove = Loop.Now;
        FinishIfDone();
    }

    void ISocketOwner.OnReady(LoopSocket socket)
    {
        FlushQueue();
        if (_lane.HasTurn)
        {
            PumpUp();
            Tell();
        }
        else
        {
            QueueTurn();
        }
    }

    void ISocketOwner.OnFault(LoopSocket socket) => End(RelayEnd.Fault);

    void ILoopWork.Run()
    {
        _queued = false;
        Turn();
    }

    private void Turn()
    {
        try
        {
            PumpUp();
            Tell();
        }
        catch
        {
            End(RelayEnd.Fault);
            throw;
        }
    }

    protected internal override void OnTimer()
    {
        if (NextDue(out var end) <= Loop.Now)
        {
            End(end);
            return;
        }

        ApplyLimits();
    }

    private void Tell()
    {
        if (BytesUp + BytesDown >= _tellAt && !_ended)
        {
            _tellAt = _owner.OnMoved(BytesUp + BytesDown);
            if (_isSpokenTo && BytesDown == 0)
            {
                ApplyLimits();
            }
        }
    }

    private void PumpUp()
    {
        var left = UserLane.TurnBytes;
        while (!_ended && !_clientEnded && _client.IsReadable)
        {
            if (_middle.IsFull && !_middleEnded)
            {
                _middle.WhenRoom(this);
                return;
            }

            if (left <= 0)
            {
                QueueTurn();
                return;
            }

            if (!MayTake(out var most))
            {
                break;
            }

            var received = _client.TryReceive(Buffers.ScratchBytes[..most]);
            if (received <= 0)
            {
                if (received == 0)
                {
                    OnClientEnded();
                }
                else if (received == LoopSocket.Broken)
                {
                    End(RelayEnd.NearReset);
                }

                return;
            }

            left -= received;
            _lane.Up.Took(received);
            Take(Buffers.ScratchBytes[..received]);
        }

        // While nobody reads it, a broken client shows here only.
        if (!_ended && _client.HasFailed && _client.IsClosed is false && (!IsQueueEmpty || IsHeld))
        {
            End(RelayEnd.NearReset);
        }
    }

    /// <summary>
    /// RPC knows no backpressure for one client: who has had his share of downloads is not let ask for more. Phones ask part by part.
    /// </summary>
    private bool MayTake(out int most)
    {
        var asked = most = BufferPool.ScratchSize;
        return _lane.Up.MayTake(_upLine, ref most) && _lane.Down.MayTake(_downLine, ref asked);
    }

    private bool IsHeld => _upLine.InLine?.List is not null || _downLine.InLine?.List is not null;

    private void LeaveLane()
    {
        if (_isFull)
        {
            _lane.Down.Emptied();
        }

        _lane.Up.Leave(_upLine);
        _lane.Down.Leave(_downLine);
        _lane.Leave();
    }

    /// <summary>What came from the client, to be taken apart where it lies.</summary>
    private void Take(Span<byte> chunk)
    {
        LastMove = Loop.Now;
        if (_middleEnded)
        {
            return;
        }

        var plain = _tls ? chunk[.._records.Unwrap(chunk)] : chunk;
        _up.Transform(plain);
        BytesUp += plain.Length;
        if (!(_partial is { IsEmpty: false } ? TakeBehind(_partial, plain) : TakeFrames(plain, out var used) && Hold(plain[used..])))
        {
            End(RelayEnd.Protocol);
        }
        else if (_tls && _records.State != TlsStreamState.Open && !_ended)
        {
            OnClientEnded();
        }
    }

    private bool TakeBehind(GrowingBytes partial, ReadOnlySpan<byte> plain)
    {
        partial.Add(plain);
        var fits = TakeFrames(partial.Bytes, out var used);
        partial.Drop(used);
        if (partial.IsEmpty)
        {
            partial.Trim();
        }

        Note();
        return fits;
    }

    /// <summary>Part of a frame waits for its rest: as much memory as has come, not as much as was promised.</summary>
    private bool Hold(ReadOnlySpan<byte> rest)
    {
        if (!rest.IsEmpty)
        {
            _partial ??= new GrowingBytes(Buffers);
            _partial.Add(rest);
            Note();
        }

        return true;
    }

    /// <summary>Sends whole frames on. False when this is no frame of the client's framing, or one that is too long.</summary>
    private bool TakeFrames(ReadOnlySpan<byte> plain, out int used)
    {
        used = 0;
        while (used < plain.Length)
        {
            switch (_framing.ReadHeader(plain[used..], out var header))
            {
                case System.Buffers.OperationStatus.NeedMoreData:
                    return true;
                case System.Buffers.OperationStatus.Done when header.Length <= RpcFrame.MaxMessage + PaddedIntermediate.MaxPadding:
                    break;
                default:
                    return false;
            }

            var end = used + header.Size + header.Length;
            if (end > plain.Length)
            {
                return true;
            }

            var message = plain[(used + header.Size)..(end - header.Padding)];
            used = end;
            if (ClientMessage.IsFit(message))
            {
                _isSpokenTo = true;
                _middle.Send(_request, message, header.QuickAck);
            }
            else
            {
                Dropped++;
            }
        }

        return true;
    }

    private void OnClientEnded()
    {
        _clientEnded = true;
        LastMove = Loop.Now;

        // RPC knows no half-closed client: the middle proxy is told that it has ended. What came for it before still goes out.
        _middle.Remove(this, tell: true);
        FinishIfDone();
    }

    /// <summary>Sends the first bytes of the scratch buffer, behind what waits already. False when the relay has ended.</summary>
    private bool Emit(int length)
    {
        BytesDown += length;
        _lane.Down.Took(length);
        _sizer.Begin(Loop.Now);
        KeptBytes rest = default;
        if (!IsQueueEmpty)
        {
            Enqueue(Buffers.ScratchBytes[..length]);
            return !_ended;
        }

        var sent = _tls ? RecordBatch.Send(_client, Buffers, length, ref _sizer, out rest) : SendPlain(length, out rest);
        if (sent == LoopSocket.Broken)
        {
            End(RelayEnd.NearReset);
            return false;
        }

        if (!rest.IsEmpty)
        {
            (_queue ??= new SendQueue(Buffers)).Add(rest);
            Note();
            CheckBudget();
        }

        return !_ended;
    }

    private int SendPlain(int length, out KeptBytes rest)
    {
        rest = default;
        var sent = _client.TrySend(Buffers.ScratchBytes[..length]);
        if (sent != LoopSocket.Broken && sent < length)
        {
            sent = Math.Max(sent, 0);
            rest = Buffers.KeepScratch(sent, length - sent);
        }

        return sent;
    }

    private void Enqueue(ReadOnlySpan<byte> bytes)
    {
        if (_queue!.Held + bytes.Length > _mostQueued)
        {
            End(RelayEnd.ClientQueue);
            return;
        }

        if (_tls)
        {
            _queue.AddRecords(bytes, ref _sizer);
        }
        else
        {
            _queue.Add(bytes);
        }

        CheckBudget();
    }

    /// <summary>The whole loop's budget is spent: of the user who holds most, who has stood still longest gives his share, which may be we.</summary>
    private void CheckBudget()
    {
        while (Buffers.Left < 0 && Buffers.Stalled.Heaviest() is { } heaviest)
        {
            heaviest.EndForMemory();
        }
    }

    private void FlushQueue()
    {
        if (_ended || IsQueueEmpty)
        {
            return;
        }

        var sent = _queue!.Flush(_client);
        if (sent == LoopSocket.Broken)
        {
            End(RelayEnd.NearReset);
            return;
        }

        if (sent > 0)
        {
            LastMove = Loop.Now;
            Note();
        }

        FinishIfDone();
    }

    /// <summary>Keeps our place among those who hold memory: at the end after each progress, nowhere without any.</summary>
    private void Note()
    {
        if (_isFull == IsQueueEmpty)
        {
            _isFull = !_isFull;
            CountFull();
        }

        if (IsQueueEmpty && _partial is null or { IsEmpty: true })
        {
            Buffers.Stalled.Remove(this);
        }
        else
        {
            Buffers.Stalled.MoveToEnd(this);
        }
    }

    private void CountFull()
    {
        if (_isFull)
        {
            _lane.Down.Filled();
        }
        else
        {
            _lane.Down.Emptied();
        }
    }

    private void FinishIfDone()
    {
        if (_ended || !IsQueueEmpty)
        {
            return;
        }

        if (_clientEnded)
        {
            End(_middleEnded ? RelayEnd.FarFinished : RelayEnd.NearFinished);
        }
        else if (_middleEnded && !_sinkEnded)
        {
            _sinkEnded = true;
            _client.ShutdownWrite();
            ApplyLimits();
        }
    }

    private void QueueTurn()
    {
        if (!_queued)
        {
            _queued = true;
            _lane.Queue(this);
        }
    }

    private long NextDue(out RelayEnd end)
    {
        var limits = _owner.Limits;
        var halfOpen = _clientEnded || _middleEnded;
        var quiet = Add(LastMove, halfOpen ? Math.Min(limits.HalfOpen, limits.Idle) : limits.Idle);
        var total = Add(_started, limits.Total);

        // That the middle proxy itself lives is the pings' matter: here the DC behind it is mute.
        var answer = _isSpokenTo && BytesDown == 0 && !halfOpen && !_middle.IsFull ? Add(LastMove, limits.FirstAnswer) : long.MaxValue;
        if (answer < quiet && answer < total)
        {
            end = RelayEnd.NoAnswer;
            return answer;
        }

        end = total <= quiet ? RelayEnd.Total : halfOpen ? RelayEnd.HalfOpen : RelayEnd.Idle;
        return Math.Min(total, quiet);
    }

    private static long Add(long time, long limit) => limit >= long.MaxValue - time ? long.MaxValue : time + limit;

    /// <summary>Its place in one of the two lines of its user.</summary>
    private sealed class Line(MiddleRelay relay) : LaneMember
    {
        internal override void Turn() => relay.Turn();
    }
}
