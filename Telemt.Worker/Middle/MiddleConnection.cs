using Telemt.Core.Middle;
using Telemt.Core.Routing;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Middle;

/// <summary>
/// One connection to a middle proxy that many clients share: their messages go up in the order of their coming, answers are told apart by
/// the client's id. What is received is decrypted where it lies, and a frame is passed on once it is whole and its checksum holds. No
/// allocation and no lock per frame. Loop thread only.
/// </summary>
internal sealed class MiddleConnection : ISocketOwner, ILoopWork
{
    /// <summary>Bytes received per turn before other sockets of the loop get theirs.</summary>
    private const int TurnBytes = 1024 * 1024;

    /// <summary>Taken at once: what is decrypted next should still be in the processor's second-level cache.</summary>
    private const int ReceiveSize = 256 * 1024;
    private const int LeastRoom = 64 * 1024;

    /// <summary>While more than this waits to be sent, no client is read.</summary>
    private const int HighWater = 256 * 1024;

    private const long PingAfterMilliseconds = 4000;
    private const long PongWithinMilliseconds = 5000;
    private const long ReadWithinMilliseconds = 10_000;

    private readonly LoopSocket _socket;
    private readonly RpcReader _reader;
    private readonly RpcWriter _writer;
    private readonly MiddleCluster _cluster;
    private readonly GrowingBytes _in;
    private readonly GrowingBytes _out;
    private readonly Dictionary<long, MiddleRelay> _clients = [];
    private readonly List<MiddleRelay> _blocked = [];
    private bool _queued;
    private long _lastReceived;
    private long _lastSent;
    private long _lastRequest;
    private long _pingedAt;
    private long _ping;
    private bool _pongs;

    public MiddleConnection(
        MiddleCluster cluster, LoopSocket socket, UpstreamState upstream, MiddleEnds ends, RpcReader reader, RpcWriter writer, GrowingBytes behind)
    {
        (_cluster, _socket, Upstream, _reader, _writer, Ends, _in) = (cluster, socket, upstream, reader, writer, ends, behind);
        _out = new GrowingBytes(Loop.Buffers);
        _lastReceived = _lastSent = ReadyAt = Loop.Now;
    }

    public MiddleEnds Ends { get; }

    /// <summary>The way that it came about by.</summary>
    public UpstreamState Upstream { get; }

    public EventLoop Loop => _socket.Loop;

    /// <summary>Clients on it.</summary>
    public int Load => _clients.Count;

    /// <summary>Loop time of its handshake's end.</summary>
    public long ReadyAt { get; }

    /// <summary>Takes no new clients, and ends with its last one.</summary>
    public bool IsDraining { get; private set; }

    public bool IsClosed => _socket.IsClosed;

    /// <summary>Bytes that wait for the middle proxy to read.</summary>
    public int Pending => _out.Length;

    public MiddleFault Fault { get; private set; }

    public long FramesDown { get; private set; }

    public long FramesUp { get; private set; }

    /// <summary>Clients wait: <see cref="WhenRoom"/>.</summary>
    public bool IsFull => _out.Length > HighWater;

    /// <summary>From here on its bytes are read.</summary>
    public void Start()
    {
        _socket.Owner = this;
        _socket.KeepAlive();

        // Whether this one answers pings is learned at once: only then is silence a reason to end it.
        SendPing();
        if (Dispatch())
        {
            Receive();
        }
    }

    public void Add(MiddleRelay client) => _clients.Add(client.Id, client);

    /// <param name="tell">The client ended it; else the middle proxy did, and knows.</param>
    public void Remove(MiddleRelay client, bool tell)
    {
        if (!_clients.Remove(client.Id) || IsClosed)
        {
            return;
        }

        if (client.WaitsForRoom)
        {
            _blocked.Remove(client);
        }

        if (tell)
        {
            SendShort(RpcType.CloseConnection, client.Id);
        }

        if (_clients.Count == 0 && IsDraining)
        {
            // Behind the flush: the last word is that the client has gone.
            Queue();
        }
    }

    /// <summary>Passes on a client's message. It leaves behind the present batch of events, together with those of other clients.</summary>
    public void Send(ProxyRequest request, ReadOnlySpan<byte> message, bool quickAck)
    {
        var body = request.Size + message.Length;
        var frame = _out.Room(RpcWriter.SizeOf(body))[..RpcWriter.SizeOf(body)];
        request.Write(message, quickAck, frame[RpcFrame.HeaderSize..]);
        Seal(frame, body);
        _lastRequest = Loop.Now;
    }

    /// <summary>Calls the client back once it may send again.</summary>
    public void WhenRoom(MiddleRelay client)
    {
        if (!client.WaitsForRoom)
        {
            client.WaitsForRoom = true;
            _blocked.Add(client);
        }
    }

    /// <summary>No new clients from here on.</summary>
    public void Drain()
    {
        IsDraining = true;
        if (_clients.Count == 0)
        {
            End(MiddleEnd.Drained);
        }
    }

    /// <summary>Once a second: is it alive, and is memory idle?</summary>
    public void Tick()
    {
        var now = Loop.Now;
        _in.Trim();
        _out.Trim();
        if (!_out.IsEmpty && now - _lastSent >= ReadWithinMilliseconds)
        {
            End(MiddleEnd.NotReading);
        }
        else if (_pingedAt == 0 && now - _lastReceived >= PingAfterMilliseconds)
        {
            SendPing();
        }
        else if (_pingedAt != 0 && now - _pingedAt >= PongWithinMilliseconds && now - _lastReceived >= PongWithinMilliseconds && IsMissed)
        {
            End(MiddleEnd.NoPong);
        }
    }

    /// <summary>Ends the connection and, with it, all its clients: they come again and find another.</summary>
    public void End(MiddleEnd cause)
    {
        if (IsClosed)
        {
            return;
        }

        _socket.Close();
        _in.Release();
        _out.Release();
        _blocked.Clear();
        var clients = _clients.Values.ToArray();
        _clients.Clear();
        _cluster.OnEnded(this, cause, clients.Length);
        foreach (var client in clients)
        {
            client.End(RelayEnd.MiddleLost);
        }
    }

    void ISocketOwner.OnReady(LoopSocket socket)
    {
        if (!_out.IsEmpty && socket.IsWritable)
        {
            Flush();
        }

        Receive();
    }

    void ISocketOwner.OnFault(LoopSocket socket) => End(MiddleEnd.Fault);

    void ILoopWork.Run()
    {
        _queued = false;
        try
        {
            Flush();
            Receive();
            if (IsDraining && _clients.Count == 0 && _out.IsEmpty)
            {
                End(MiddleEnd.Drained);
            }
        }
        catch
        {
            End(MiddleEnd.Fault);
            throw;
        }
    }

    /// <summary>
    /// A silent middle proxy is given up when it has answered pings before, or when clients asked it something and it kept silent.
    /// </summary>
    private bool IsMissed => _pongs || _lastRequest > _lastReceived;

    private void Receive()
    {
        var left = TurnBytes;
        while (!IsClosed && _socket.IsReadable)
        {
            if (left <= 0)
            {
                Queue();
                return;
            }

            var room = _in.Room(Math.Max(LeastRoom, _reader.Wanted - _in.Length));
            var received = _socket.TryReceive(room[..Math.Min(room.Length, ReceiveSize)]);
            if (received <= 0)
            {
                if (received != LoopSocket.WouldBlock)
                {
                    End(received == 0 ? MiddleEnd.Closed : MiddleEnd.Reset);
                }

                return;
            }

            left -= received;
            _lastReceived = Loop.Now;
            _in.Added(received);
            if (!Dispatch())
            {
                return;
            }
        }
    }

    /// <summary>Passes on the frames that are whole. False when the connection has ended.</summary>
    private bool Dispatch()
    {
        while (true)
        {
            var held = _in.Bytes;
            var step = _reader.Next(held);
            if (step == RpcStep.Broken)
            {
                return Break(_reader.Fault);
            }

            if (step == RpcStep.Frame)
            {
                FramesDown++;
                if (!RpcMessage.TryRead(held[_reader.Body], out var message))
                {
                    return Break(MiddleFault.Message);
                }

                Take(message);
            }

            if (IsClosed)
            {
                return false;
            }

            _in.Drop(_reader.Consumed);
            if (step == RpcStep.Read)
            {
                return true;
            }
        }
    }

    private void Take(in RpcMessage message)
    {
        switch (message.Kind)
        {
            case RpcKind.Answer when _clients.TryGetValue(message.Id, out var client):
                client.OnAnswer(message.Data);
                break;
            case RpcKind.SimpleAck when _clients.TryGetValue(message.Id, out var client):
                client.OnAck(message.Data);
                break;
            case RpcKind.CloseExternal or RpcKind.CloseConnection when _clients.TryGetValue(message.Id, out var client):
                client.OnClosed();
                break;
            case RpcKind.Answer or RpcKind.SimpleAck when !IsFull:
                // Of a client who has gone: the middle proxy may not know yet.
                SendShort(RpcType.CloseConnection, message.Id);
                break;
            case RpcKind.Ping when !IsFull:
                SendShort(RpcType.Pong, message.Id);
                break;
            case RpcKind.Pong when message.Id == _ping && _pingedAt != 0:
                _pingedAt = 0;
                _pongs = true;
                break;
        }
    }

    private bool Break(MiddleFault fault)
    {
        Fault = fault;
        End(MiddleEnd.Protocol);
        return false;
    }

    private void SendPing()
    {
        _pingedAt = Loop.Now;
        SendShort(RpcType.Ping, ++_ping);
    }

    private void SendShort(uint type, long id)
    {
        var frame = _out.Room(RpcWriter.SizeOf(RpcMessage.ShortSize))[..RpcWriter.SizeOf(RpcMessage.ShortSize)];
        RpcMessage.WriteShort(type, id, frame[RpcFrame.HeaderSize..]);
        Seal(frame, RpcMessage.ShortSize);
    }

    private void Seal(Span<byte> frame, int body)
    {
        if (_out.IsEmpty)
        {
            _lastSent = Loop.Now;
        }

        FramesUp++;
        _writer.Seal(frame, body);
        _out.Added(frame.Length);
        Queue();
    }

    private void Queue()
    {
        if (!_queued)
        {
            _queued = true;
            Loop.Enqueue(this);
        }
    }

    private void Flush()
    {
        while (!IsClosed && !_out.IsEmpty && _socket.IsWritable)
        {
            var sent = _socket.TrySend(_out.Bytes);
            if (sent == LoopSocket.Broken)
            {
                End(MiddleEnd.Reset);
                return;
            }

            if (sent > 0)
            {
                _lastSent = Loop.Now;
                _out.Drop(sent);
            }
        }

        if (!IsFull && _blocked.Count > 0)
        {
            foreach (var client in _blocked)
            {
                client.WaitsForRoom = false;
                Loop.Enqueue(client);
            }

            _blocked.Clear();
        }
    }
}
