using System.Net;
using System.Net.Sockets;
using Telemt.Core;
using Telemt.Core.Client;
using Telemt.Core.Wire;

namespace Telemt.Worker.Selftest;

/// <summary>
/// A Telegram client as far as a proxy can see it, on a socket: the handshake of any mode, then bytes both ways. For selftest, tests
/// and load. One sender and one receiver may run at the same time.
/// </summary>
internal sealed class ClientConnection : IDisposable
{
    private readonly ProxyClient _client;
    private readonly IRandomSource _random;
    private byte[] _sealed = [];

    /// <summary>What came behind the handshake and is still to be read, as it came.</summary>
    private byte[] _behind = [];

    private ClientConnection(Socket socket, ProxyClient client, IRandomSource random)
    {
        Socket = socket;
        _client = client;
        _random = random;
    }

    public Socket Socket { get; }

    /// <summary>Connects, and in fake TLS shakes hands. Outside it nothing is sent yet.</summary>
    /// <param name="secret">Null speaks to a DC directly.</param>
    /// <exception cref="InvalidDataException">The proxy's answer is not one that clients accept.</exception>
    /// <exception cref="SocketException">The connection failed.</exception>
    public static async Task<ClientConnection> ConnectAsync(
        EndPoint proxy,
        ClientSecret? secret,
        ProtocolTag tag,
        short dc,
        IRandomSource random,
        TimeProvider clock,
        HelloStyle style = HelloStyle.Modern,
        CancellationToken cancellation = default)
    {
        var socket = new Socket(proxy.AddressFamily, SocketType.Stream, proxy is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            if (proxy is not UnixDomainSocketEndPoint)
            {
                socket.NoDelay = true;
            }

            await socket.ConnectAsync(proxy, cancellation);
            var connection = new ClientConnection(socket, new ProxyClient(secret, tag, dc, random, clock, style), random);
            await connection.ShakeHandsAsync(cancellation);
            return connection;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => Socket.Dispose();

    /// <summary>Sends one frame.</summary>
    public Task SendFrameAsync(ReadOnlySpan<byte> payload, CancellationToken cancellation = default) =>
        SendFrameAsync(payload, quickAck: false, cancellation);

    /// <summary>Sends one frame.</summary>
    /// <param name="quickAck">Asks for a quick acknowledgement, which comes as a frame of 4 bytes.</param>
    public Task SendFrameAsync(ReadOnlySpan<byte> payload, bool quickAck, CancellationToken cancellation = default)
    {
        var frame = new byte[payload.Length + Framing.MaxOverhead];
        return SendAsync(frame.AsMemory(0, _client.Framing.Write(payload, quickAck, _random, frame)), cancellation);
    }

    /// <summary>Sends bytes as they are, behind whatever was sent before.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellation = default)
    {
        var room = ClientStream.MaxSealedSize(payload.Length);
        _sealed = _sealed.Length >= room ? _sealed : new byte[room];
        await SendRawAsync(_sealed.AsMemory(0, _client.Stream.Seal(payload.Span, _sealed)), cancellation);
    }

    /// <summary>Sends bytes unsealed: what no client would do.</summary>
    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await Socket.SendAsync(bytes, cancellation)..];
        }
    }

    public void EndSending() => Socket.Shutdown(SocketShutdown.Send);

    /// <summary>Receives what there is.</summary>
    /// <returns>Payload bytes, at least 1; 0 at the end of the stream.</returns>
    /// <exception cref="InvalidDataException">The proxy sent what no client accepts.</exception>
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation = default)
    {
        while (true)
        {
            var received = await TakeAsync(buffer, cancellation);
            if (received == 0)
            {
                return 0;
            }

            var length = _client.Stream.Open(buffer.Span[..received]);
            if (length != 0)
            {
                return length > 0 ? length : throw new InvalidDataException("the proxy sent a record that no client accepts");
            }
        }
    }

    /// <summary>Receives exactly so much.</summary>
    /// <exception cref="EndOfStreamException">The stream ended before.</exception>
    public async Task<byte[]> ReceiveExactlyAsync(int count, CancellationToken cancellation = default)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count;)
        {
            // Behind the last byte nothing is taken off the socket: record headers come with the next call.
            var length = await ReceiveAsync(bytes.AsMemory(at), cancellation);
            at += length > 0 ? length : throw new EndOfStreamException($"the stream ended after {at} of {count} bytes");
        }

        return bytes;
    }

    /// <summary>Receives one frame's payload.</summary>
    /// <inheritdoc cref="ReceiveExactlyAsync"/>
    public async Task<byte[]> ReceiveFrameAsync(CancellationToken cancellation = default)
    {
        var reader = new FrameReader(_client.Framing, FrameSource.Server);
        while (true)
        {
            var one = await ReceiveExactlyAsync(1, cancellation);
            if (Step(reader, one) is { } payload)
            {
                return payload;
            }
        }
    }

    private static byte[]? Step(FrameReader reader, ReadOnlySpan<byte> input) => reader.Step(ref input) switch
    {
        FrameStep.Read => null,
        FrameStep.Invalid => throw new InvalidDataException("not a frame"),
        _ => reader.Payload.ToArray(),
    };

    private async Task ShakeHandsAsync(CancellationToken cancellation)
    {
        await SendRawAsync(_client.Hello, cancellation);
        var received = new byte[ServerFlight.MaxSize + 1];
        for (var length = 0; _client.Status == ServerFlightStatus.Read;)
        {
            var count = length == received.Length ? 0 : await Socket.ReceiveAsync(received.AsMemory(length), cancellation);
            length += count;
            if (count == 0 || _client.Receive(received.AsSpan(0, length), out var used) is not (ServerFlightStatus.Read or ServerFlightStatus.Accepted))
            {
                throw new InvalidDataException($"the handshake failed: {(count == 0 ? "ended" : _client.Status)}");
            }

            _behind = _client.Status == ServerFlightStatus.Accepted ? received[used..length] : [];
        }
    }

    private async ValueTask<int> TakeAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        if (_behind.Length == 0)
        {
            return await Socket.ReceiveAsync(buffer, cancellation);
        }

        var taken = Math.Min(buffer.Length, _behind.Length);
        _behind.AsSpan(0, taken).CopyTo(buffer.Span);
        _behind = _behind[taken..];
        return taken;
    }
}
