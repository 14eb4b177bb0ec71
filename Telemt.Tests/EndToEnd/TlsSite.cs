using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using Telemt.Core.Wire;

namespace Telemt.Tests.EndToEnd;

/// <summary>
/// A site of which only the first flight is to be seen: as a server with a TLS library that sends one record would answer, with bytes
/// that mean nothing. What it answers can be changed while it runs.
/// </summary>
internal sealed class TlsSite : IDisposable
{
    private readonly Socket _listener = Ports.Listening();
    private readonly ConcurrentDictionary<Socket, bool> _open = [];

    public TlsSite() => _ = AcceptAsync();

    public int Port => Ports.PortOf(_listener);

    /// <summary>Each hello that came.</summary>
    public ConcurrentQueue<byte[]> Hellos { get; } = new();

    /// <summary>Lengths of the encrypted record, one after the other.</summary>
    public int[] Sizes { get; set; } = [3_333];

    /// <summary>0 takes the client's first.</summary>
    public ushort Suite { get; set; }

    /// <summary>Answers with X25519MLKEM768 whoever sent such a key.</summary>
    public bool MlKem { get; set; }

    public bool KeyFirst { get; set; }

    /// <summary>Answers with no_application_protocol whoever offers this and nothing else.</summary>
    public string? Refused { get; set; }

    public TimeSpan Delay { get; set; }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var socket in _open.Keys)
        {
            socket.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync();
                _open[socket] = true;
                _ = ServeAsync(socket);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            var buffer = new byte[32 * 1024];
            var length = 0;
            while (length < 5 || length < 5 + BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(3)))
            {
                var count = await socket.ReceiveAsync(buffer.AsMemory(length));
                length += count;
                if (count == 0)
                {
                    return;
                }
            }

            var hello = buffer[..length];
            Hellos.Enqueue(hello);
            if (Delay > TimeSpan.Zero)
            {
                await Task.Delay(Delay);
            }

            await socket.SendAsync(Answer(hello));
            while (await socket.ReceiveAsync(buffer) > 0)
            {
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The visitor's own affair.
        }
        finally
        {
            _open.TryRemove(socket, out _);
            socket.Dispose();
        }
    }

    private byte[] Answer(byte[] record)
    {
        if (!ClientHello.TryParse(record, out var hello))
        {
            return [0x15, 3, 3, 0, 2, 2, 50];
        }

        if (Refused is { } refused && hello.Alpn.Of(record).SequenceEqual((byte[])[(byte)refused.Length, .. refused.Select(c => (byte)c)]))
        {
            return [0x15, 3, 3, 0, 2, 2, 120];
        }

        var mlKem = MlKem && hello.OffersKeyShare(record, 0x11ec);
        var key = new byte[mlKem ? 1_120 : 32];
        Random.Shared.NextBytes(key);
        key[^1] &= 0x7f;
        byte[] versions = [0, 0x2b, 0, 2, 3, 4];
        byte[] share = [0, 0x33, .. UInt16(key.Length + 4), .. UInt16(mlKem ? 0x11ec : 0x1d), .. UInt16(key.Length), .. key];
        byte[] extensions = KeyFirst ? [.. share, .. versions] : [.. versions, .. share];
        var random = new byte[32];
        Random.Shared.NextBytes(random);
        var id = hello.SessionId.Of(record).ToArray();
        byte[] body =
        [
            3, 3, .. random, (byte)id.Length, .. id, .. UInt16(Suite == 0 ? hello.FirstTls13Suite(record) : Suite), 0,
            .. UInt16(extensions.Length), .. extensions,
        ];
        var flight = new byte[Sizes[Hellos.Count % Sizes.Length]];
        Random.Shared.NextBytes(flight);
        return
        [
            0x16, 3, 3, .. UInt16(body.Length + 4), 2, 0, .. UInt16(body.Length), .. body,
            0x14, 3, 3, 0, 1, 1,
            0x17, 3, 3, .. UInt16(flight.Length), .. flight,
        ];
    }

    private static byte[] UInt16(int value) => [(byte)(value >> 8), (byte)value];
}
