using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Telemt.Core;
using Telemt.Core.Middle;

namespace Telemt.Worker.Selftest.Middle;

/// <summary>One connection to the fake middle proxy, and the clients on it.</summary>
internal sealed class FakeMiddleConnection : IDisposable
{
    private const int ReceiveSize = 128 * 1024;

    private readonly FakeMiddleProxy _proxy;
    private readonly Socket _socket;
    private readonly int _number;
    private readonly FakeMiddlePeer _peer;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ConcurrentDictionary<long, FakeMiddleClient> _clients = new();
    private readonly List<(FakeMiddleClient Client, long Length)> _sources = [];

    public FakeMiddleConnection(FakeMiddleProxy proxy, Socket socket, int number, TimeProvider clock, IRandomSource random)
    {
        (_proxy, _socket, _number) = (proxy, socket, number);
        var seen = (IPEndPoint)socket.RemoteEndPoint!;
        _peer = new FakeMiddlePeer(proxy.Secret, proxy.Options, clock, random)
        {
            Ends = new MiddleEnds(new IPEndPoint(proxy.Options.SeenAs ?? seen.Address, seen.Port), (IPEndPoint)socket.LocalEndPoint!),
        };
    }

    public int Clients => _clients.Count;

    public void Dispose() => _socket.Dispose();

    public void Reset()
    {
        try
        {
            _socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Already gone.
        }

        Dispose();
    }

    public async Task RunAsync()
    {
        var buffer = new byte[ReceiveSize];
        while (true)
        {
            await _proxy.WhileStandingStill;
            var received = await _socket.ReceiveAsync(buffer.AsMemory());
            if (received == 0)
            {
                return;
            }

            await _proxy.WhileStandingStill;
            await SayAsync(peer => peer.Receive(buffer.AsSpan(0, received), Take));
            foreach (var (client, length) in _sources)
            {
                // On its own: as long as the proxy reads fast enough it never waits, and nothing else would be heard.
                _ = Task.Run(() => SendPatternAsync(client, length));
            }

            _sources.Clear();
        }
    }

    /// <summary>Says something and sends it, one at a time.</summary>
    public async Task SayAsync(Action<FakeMiddlePeer> say)
    {
        await _turn.WaitAsync();
        try
        {
            say(_peer);
            var output = _peer.Output;
            while (!output.IsEmpty)
            {
                output = output[await _socket.SendAsync(output)..];
            }

            _peer.Sent();
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes)
    {
        await _turn.WaitAsync();
        try
        {
            await _socket.SendAsync(bytes);
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Take(ReadOnlyMemory<byte> body)
    {
        switch (BitConverter.ToUInt32(body.Span))
        {
            case RpcType.ProxyRequest:
                Take(FakeMiddleRequest.Read(body, _proxy.Options.Dc, _number));
                break;
            case RpcType.Ping when _proxy.Options.Pongs:
                _peer.SendShort(RpcType.Pong, BitConverter.ToInt64(body.Span[4..]));
                break;
            case RpcType.CloseConnection when _clients.TryRemove(BitConverter.ToInt64(body.Span[4..]), out var client):
                client.IsClosed = true;
                _proxy.CountClosed();
                break;
        }
    }

    private void Take(FakeMiddleRequest request)
    {
        _proxy.Saw(request);
        var client = _clients.GetOrAdd(request.Id, id => new FakeMiddleClient(id));
        if ((request.Flags & ProxyRequest.QuickAck) != 0)
        {
            _peer.SendAck(request.Id, FakeMiddleClient.TokenOf(request.Message.Span));
        }

        if (client.Mode is null && client.Mtproto is null && FakeCommand.TryRead(request.Message.Span, out var command))
        {
            client.Mode = command.Value.Mode;
            switch (command.Value.Mode)
            {
                case FakeMode.Source:
                    _sources.Add((client, command.Value.Argument));
                    break;
                case FakeMode.Close:
                    _clients.TryRemove(request.Id, out _);
                    _peer.SendShort(RpcType.CloseExternal, request.Id);
                    break;
            }
        }
        else if (client.Mode == FakeMode.Source && FakeCommand.TryRead(request.Message.Span, out var more))
        {
            _sources.Add((client, more.Value.Argument));
        }
        else if (client.Mode == FakeMode.Echo)
        {
            _peer.SendAnswer(request.Id, request.Message.Span);
        }
        else if (client.Mode is null)
        {
            Answer(client, request);
        }
    }

    private void Answer(FakeMiddleClient client, FakeMiddleRequest request)
    {
        client.Mtproto ??= _proxy.Telegram.CreateMtproto(request.Dc);
        var before = client.Mtproto.Messages;
        foreach (var answer in client.Mtproto.Receive(request.Message.Span))
        {
            _peer.SendAnswer(client.Id, answer);
        }

        _proxy.Telegram.CountMessages(client.Mtproto.Messages - before);
    }

    /// <summary>So many bytes of the pattern, in messages of 256 KiB.</summary>
    private async Task SendPatternAsync(FakeMiddleClient client, long length)
    {
        const int Size = 256 * 1024;
        var data = ArrayPool<byte>.Shared.Rent(Size);
        try
        {
            for (var at = 0L; at < length && !client.IsClosed; at += Size)
            {
                var size = (int)Math.Min(Size, length - at);
                BytePattern.Fill(data.AsSpan(0, size), at);
                await SayAsync(peer => peer.SendAnswer(client.Id, data.AsSpan(0, size)));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The connection has ended.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(data);
        }
    }
}
