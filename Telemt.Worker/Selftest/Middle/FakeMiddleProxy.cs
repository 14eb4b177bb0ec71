using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Telemt.Core;
using Telemt.Core.Middle;

namespace Telemt.Worker.Selftest.Middle;

/// <summary>
/// A middle proxy of one data centre on a loopback port, for selftest, tests and load: shakes hands as the real ones do, remembers what
/// each request said, speaks a fake Telegram's MTProto behind it, and has modes that try a proxy. Safe for concurrent use.
/// </summary>
internal sealed class FakeMiddleProxy : IAsyncDisposable
{
    private const int RequestsKept = 8192;

    private readonly Socket _listener;
    private readonly TimeProvider _clock;
    private readonly IRandomSource _random;
    private readonly ConcurrentDictionary<FakeMiddleConnection, Task> _connections = new();
    private readonly Channel<FakeMiddleRequest> _requests = Channel.CreateBounded<FakeMiddleRequest>(
        new BoundedChannelOptions(RequestsKept) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly Task _accepting;
    private volatile TaskCompletionSource? _stopped;
    private int _accepted;
    private long _failed;
    private long _closed;

    private FakeMiddleProxy(FakeTelegram telegram, MiddleSecret secret, FakeMiddleOptions options, TimeProvider clock, IRandomSource random)
    {
        (Telegram, Secret, Options, _clock, _random) = (telegram, secret, options, clock, random);
        if (!IPAddress.IsLoopback(options.EndPoint.Address))
        {
            throw new ArgumentException("a fake middle proxy listens on loopback only", nameof(options));
        }

        _listener = new Socket(options.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(options.EndPoint);
        _listener.Listen(512);
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    public FakeTelegram Telegram { get; }

    public MiddleSecret Secret { get; }

    public FakeMiddleOptions Options { get; }

    public IPEndPoint EndPoint { get; }

    /// <summary>What proxies asked, oldest first; the last 8192 that nobody has taken.</summary>
    public ChannelReader<FakeMiddleRequest> Requests => _requests.Reader;

    /// <summary>Connections that are open now.</summary>
    public int Live => _connections.Count;

    /// <summary>Connections since the start.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Clients that a proxy has named and not closed.</summary>
    public int Clients => _connections.Keys.Sum(connection => connection.Clients);

    /// <summary>Clients that a proxy has closed.</summary>
    public long Closed => Interlocked.Read(ref _closed);

    /// <summary>Connections that said what no proxy says.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>What the last of <see cref="Failed"/> was about.</summary>
    public string? LastFailure { get; private set; }

    /// <summary>Listens when it returns.</summary>
    public static FakeMiddleProxy Start(
        FakeTelegram telegram, MiddleSecret secret, FakeMiddleOptions? options, TimeProvider clock, IRandomSource random) =>
        new(telegram, secret, options ?? new FakeMiddleOptions(), clock, random);

    /// <summary>A secret for a test.</summary>
    public static MiddleSecret NewSecret(IRandomSource random)
    {
        var bytes = new byte[128];
        random.Fill(bytes);
        return MiddleSecret.TryCreate(bytes, out var secret) ? secret : throw new InvalidOperationException("128 random bytes were text");
    }

    /// <summary>Dies: no listener any more, every connection reset.</summary>
    public void Kill()
    {
        _listener.Dispose();
        ResetConnections();
    }

    public void ResetConnections()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Reset();
        }
    }

    /// <summary>Reads nothing any more, and says nothing of itself, until <see cref="GoOn"/>.</summary>
    public void StandStill() => _stopped ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void GoOn()
    {
        var stopped = _stopped;
        _stopped = null;
        stopped?.SetResult();
    }

    /// <summary>Says something on every connection, asked for or not.</summary>
    public Task SayAsync(Action<FakeMiddlePeer> say) => Task.WhenAll(_connections.Keys.Select(connection => connection.SayAsync(say)));

    /// <summary>Sends bytes as they are: what no middle proxy does.</summary>
    public Task SendRawAsync(ReadOnlyMemory<byte> bytes) => Task.WhenAll(_connections.Keys.Select(connection => connection.SendRawAsync(bytes)));

    public async ValueTask DisposeAsync()
    {
        GoOn();
        Kill();
        await _accepting;
        ResetConnections();
        await Task.WhenAll(_connections.Values);
    }

    internal Task WhileStandingStill => _stopped?.Task ?? Task.CompletedTask;

    internal void Saw(FakeMiddleRequest request) => _requests.Writer.TryWrite(request with { Message = request.Message.ToArray() });

    internal void CountClosed() => Interlocked.Increment(ref _closed);

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

            socket.NoDelay = true;
            var connection = new FakeMiddleConnection(this, socket, Interlocked.Increment(ref _accepted), _clock, _random);
            var done = new TaskCompletionSource();
            _connections[connection] = done.Task;
            _ = RunAsync(connection, done);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "One connection's fault is counted and told, and ends no other.")]
    private async Task RunAsync(FakeMiddleConnection connection, TaskCompletionSource done)
    {
        try
        {
            await connection.RunAsync();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The proxy or Reset ended it.
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
