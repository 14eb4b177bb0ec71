using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Telemt.Core;
using Telemt.Worker.Selftest.Mtproto;

namespace Telemt.Worker.Selftest;

/// <summary>
/// All of Telegram's DCs on one loopback port, for selftest, tests and load: takes obfuscated2 connections without a secret in the
/// three framings, speaks enough MTProto for a real client, and has modes that try the bytes of a relay. Safe for concurrent use.
/// </summary>
internal sealed class FakeTelegram : IAsyncDisposable
{
    private const int HeadersKept = 1024;

    private readonly Socket _listener;
    private readonly FakeTelegramOptions _options;
    private readonly TimeProvider _clock;
    private readonly IRandomSource _random;
    private readonly ConcurrentDictionary<FakeConnection, Task> _connections = new();
    private readonly Channel<FakeHeader> _headers = Channel.CreateBounded<FakeHeader>(
        new BoundedChannelOptions(HeadersKept) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly Lazy<KeyExchangeKey> _key = new(() => new KeyExchangeKey());
    private readonly Lazy<KeyExchangeGroup> _group;
    private readonly Task _accepting;
    private long _accepted;
    private long _failed;
    private long _messages;

    private FakeTelegram(FakeTelegramOptions options, TimeProvider clock, IRandomSource random)
    {
        (_options, _clock, _random) = (options, clock, random);
        _group = new Lazy<KeyExchangeGroup>(() => new KeyExchangeGroup(random));
        if (!IPAddress.IsLoopback(options.EndPoint.Address))
        {
            throw new ArgumentException("a fake Telegram listens on loopback only", nameof(options));
        }

        _listener = new Socket(options.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(options.EndPoint);
        _listener.Listen(4096);
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>The key that a client has to know for the key exchange, PEM of PKCS #1. Made when first asked for.</summary>
    public string PublicKeyPem => _key.Value.Pem;

    /// <summary>The headers of the connections, oldest first; the last 1024 that nobody has taken.</summary>
    public ChannelReader<FakeHeader> Headers => _headers.Reader;

    /// <summary>Connections that are open now.</summary>
    public int Live => _connections.Count;

    /// <summary>Connections since the start.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Connections that said something that no client of Telegram says, bad headers included.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>What the last of <see cref="Failed"/> was about.</summary>
    public string? LastFailure { get; private set; }

    /// <summary>Authorisation keys agreed upon.</summary>
    public AuthKeys Keys { get; } = new();

    /// <summary>Encrypted messages that were understood.</summary>
    public long Messages => Interlocked.Read(ref _messages);

    /// <summary>Listens when it returns.</summary>
    public static FakeTelegram Start(FakeTelegramOptions? options, TimeProvider clock, IRandomSource random) =>
        new(options ?? new FakeTelegramOptions(), clock, random);

    /// <summary>A DC that dies: no listener any more, every connection reset.</summary>
    public void Kill()
    {
        _listener.Dispose();
        ResetConnections();
    }

    /// <summary>Resets every connection and goes on listening.</summary>
    public void ResetConnections()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Reset();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _accepting;

        // One may have been accepted while Kill went through the others.
        ResetConnections();
        await Task.WhenAll(_connections.Values);
    }

    internal MtprotoServer CreateMtproto(short dc) =>
        new(new KeyExchange(_key.Value, _group.Value, Keys, _clock, _random), Keys, dc, _clock, _random);

    internal FakeCommand? Saw(FakeHeader header)
    {
        _headers.Writer.TryWrite(header);
        return _options.Choose?.Invoke(header);
    }

    internal void CountMessages(int count) => Interlocked.Add(ref _messages, count);

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The only way here is Kill.
                return;
            }

            Interlocked.Increment(ref _accepted);
            socket.NoDelay = true;
            var connection = new FakeConnection(this, socket, _random);
            var done = new TaskCompletionSource();
            _connections[connection] = done.Task;
            _ = RunAsync(connection, done);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "One connection's fault is counted and told, and ends no other.")]
    private async Task RunAsync(FakeConnection connection, TaskCompletionSource done)
    {
        try
        {
            await connection.RunAsync();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The peer or Reset ended it: nothing is wrong with that.
        }
        catch (Exception e)
        {
            Interlocked.Increment(ref _failed);
            LastFailure = e.Message;
        }
        finally
        {
            connection.Dispose();
            _connections.TryRemove(connection, out _);
            done.SetResult();
        }
    }
}
