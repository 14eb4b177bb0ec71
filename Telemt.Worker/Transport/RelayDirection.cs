using Telemt.Core.Fronting;
using Telemt.Core.Relay;

namespace Telemt.Worker.Transport;

/// <summary>One way through a relay: what comes from the source leaves by the sink before more is read.</summary>
internal sealed unsafe partial class RelayDirection(
    Relay relay, LoopSocket source, LoopSocket sink, RelayLeg? leg, LaneFlow flow, RecordSizer sizer) : LaneMember, IStallHolder
{
    private const int LeastReceive = 16 * 1024;
    private const int LeastLeft = 4 * 1024;

    private KeptBytes _kept;
    private int _receiveSize = BufferPool.ScratchSize;
    private bool _sinkEnded;
    private bool _isFull;
    private RecordSizer _sizer = sizer;

    public Relay Relay { get; } = relay;

    public LoopSocket Source { get; } = source;

    public LoopSocket Sink { get; } = sink;

    /// <summary>Payload bytes taken from the source.</summary>
    public long Bytes { get; private set; }

    public bool SourceEnded { get; private set; }

    /// <summary>The source has ended and all that it sent has left.</summary>
    public bool Finished => SourceEnded && !IsStalled;

    /// <summary>Bytes wait for a full sink.</summary>
    public bool IsStalled => !_kept.IsEmpty || _pipe is not null;

    object IStallHolder.Payer => flow.Lane.Share;

    long IStallHolder.Backlog => _pipe?.Bytes ?? _kept.Capacity;

    IStallHolder? IStallHolder.StalledBefore { get; set; }

    IStallHolder? IStallHolder.StalledAfter { get; set; }

    private BufferPool Buffers => Relay.Loop.Buffers;

    /// <summary>Sends bytes that did not come from the source's socket just now: what the handshake read too much.</summary>
    /// <param name="header">How many of them are no payload.</param>
    public PumpResult Begin(ReadOnlySpan<byte> first, int header)
    {
        SourceEnded = leg is { HasEnded: true };
        if (first.IsEmpty)
        {
            return PumpResult.Waiting;
        }

        var sent = Sink.TrySend(first);
        if (sent == LoopSocket.Broken)
        {
            return PumpResult.SinkBroken;
        }

        flow.Took(first.Length);
        Bytes += first.Length - header;
        if (sent < first.Length)
        {
            Keep(Buffers.KeepCopy(first[Math.Max(sent, 0)..]));
        }

        return PumpResult.Waiting;
    }

    /// <summary>Moves bytes until one side cannot go on.</summary>
    public PumpResult Pump()
    {
        var left = UserLane.TurnBytes;
        while (true)
        {
            if (IsStalled)
            {
                var flushed = _pipe is { } pipe ? Drain(pipe) : Flush();
                if (flushed != PumpResult.Moved)
                {
                    // While the sink is full nobody reads the source: what broke it shows here only.
                    return flushed == PumpResult.Waiting && Source.HasFailed ? PumpResult.SourceBroken : flushed;
                }
            }

            if (SourceEnded)
            {
                EndSink();

                // Behind its end too the source can break: it has been sent what it does not take any more.
                return Source.HasFailed && !Relay.HasEnded ? PumpResult.SourceBroken : PumpResult.Waiting;
            }

            if (!Source.IsReadable)
            {
                return PumpResult.Waiting;
            }

            if (left <= 0)
            {
                return PumpResult.TurnOver;
            }

            var most = _receiveSize;
            if (!flow.MayTake(this, ref most))
            {
                // As above: nobody reads the source.
                return Source.HasFailed ? PumpResult.SourceBroken : PumpResult.Waiting;
            }

            most = RoomFor(most);
            var result = _splices ? Splice(ref left, most) : Copy(ref left, most);
            if (result != PumpResult.Moved)
            {
                return result;
            }
        }
    }

    public void EndForMemory() => Relay.EndForMemory();

    public void Release()
    {
        Buffers.Free(ref _kept);
        ReleasePipe();
        Buffers.Stalled.Remove(this);
        if (_isFull)
        {
            _isFull = false;
            flow.Emptied();
        }
    }

    /// <summary>The relay has ended: nobody is to wait for it.</summary>
    public void LeaveLine() => flow.Leave(this);

    internal override void Turn() => Relay.Turn();

    private PumpResult Copy(ref int left, int most)
    {
        var received = Source.TryReceive(Buffers.Scratch, most);
        switch (received)
        {
            case > 0:
                left -= received;
                flow.Took(received);
                Relay.Touch();
                return Forward(received);
            case 0:
                SourceEnded = true;
                return PumpResult.Moved;
            default:
                return received == LoopSocket.WouldBlock ? PumpResult.Waiting : PumpResult.SourceBroken;
        }
    }

    private PumpResult Forward(int received)
    {
        var length = received;
        if (leg is not null)
        {
            length = leg.Transform(new Span<byte>(Buffers.Scratch, received));
            SourceEnded |= leg.HasEnded;
            if (length <= 0)
            {
                return PumpResult.Moved;
            }
        }

        Bytes += length;
        int sent;
        if (leg is { WrapsRecords: true })
        {
            _sizer.Begin(Relay.Loop.Now);
            sent = RecordBatch.Send(Sink, Buffers, length, ref _sizer, out var rest);
            if (!rest.IsEmpty)
            {
                Keep(rest);
            }
        }
        else
        {
            sent = Sink.TrySend(Buffers.Scratch, length);
            if (sent != LoopSocket.Broken && sent < length)
            {
                sent = Math.Max(sent, 0);
                Keep(Buffers.KeepScratch(sent, length - sent));
            }
        }

        if (sent == LoopSocket.Broken)
        {
            return PumpResult.SinkBroken;
        }

        if (_kept.IsEmpty)
        {
            Adapt(received);
            return PumpResult.Moved;
        }

        TakeLessThan(sent);
        return PumpResult.Waiting;
    }

    private void Adapt(int received)
    {
        if (received < _receiveSize)
        {
            return;
        }

        if (_receiveSize < BufferPool.ScratchSize)
        {
            _receiveSize *= 2;
        }
        else if (MaySplice)
        {
            BeginSplicing();
        }
    }

    /// <summary>Takes about as much next time as the sink took now: less is left over and held.</summary>
    private void TakeLessThan(int sent)
    {
        while (_receiveSize > LeastReceive && _receiveSize / 2 >= sent)
        {
            _receiveSize /= 2;
        }
    }

    private PumpResult Flush()
    {
        if (!Sink.IsWritable)
        {
            return PumpResult.Waiting;
        }

        var sent = Sink.TrySend(_kept.Block + _kept.Offset, _kept.Length);
        if (sent < 0)
        {
            return sent == LoopSocket.WouldBlock ? PumpResult.Waiting : PumpResult.SinkBroken;
        }

        Relay.Touch();
        _kept.Advance(sent);
        if (!_kept.IsEmpty)
        {
            Buffers.Stalled.MoveToEnd(this);
            return PumpResult.Waiting;
        }

        Release();
        return PumpResult.Moved;
    }

    private void Keep(KeptBytes rest)
    {
        _kept = rest;
        Stall();
    }

    /// <summary>The sink is full, and bytes wait for it.</summary>
    private void Stall()
    {
        Buffers.Stalled.MoveToEnd(this);
        _isFull = true;
        flow.Filled();
    }

    private int RoomFor(int most)
    {
        if (Buffers.Left >= most)
        {
            return most;
        }

        // Nothing is held by this direction now, so whoever ends for memory is another session, or this one's other direction.
        while (Buffers.Left < LeastLeft && Buffers.Stalled.Heaviest() is { } heaviest)
        {
            heaviest.EndForMemory();
        }

        return (int)Math.Clamp(Buffers.Left, LeastLeft, most);
    }

    private void EndSink()
    {
        if (!_sinkEnded)
        {
            _sinkEnded = true;
            Relay.OnDirectionFinished(this);
        }
    }
}
