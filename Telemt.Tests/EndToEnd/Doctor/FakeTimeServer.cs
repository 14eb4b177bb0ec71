using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Telemt.Tests.EndToEnd.Doctor;

/// <summary>A time server on loopback whose clock is off by so much.</summary>
internal sealed class FakeTimeServer : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly TimeSpan _off;

    public FakeTimeServer(TimeSpan off)
    {
        _off = off;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _ = ServeAsync();
    }

    public string Address => _socket.LocalEndPoint!.ToString()!;

    public void Dispose() => _socket.Dispose();

    private async Task ServeAsync()
    {
        var packet = new byte[48];
        try
        {
            while (true)
            {
                var asked = await _socket.ReceiveFromAsync(packet, new IPEndPoint(IPAddress.Any, 0));
                packet.AsSpan().Clear();
                (packet[0], packet[1]) = (0x24, 2);
                var seconds = (TimeProvider.System.GetUtcNow() + _off - new DateTimeOffset(1900, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalSeconds;
                BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(40), (uint)seconds);
                BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(44), (uint)((seconds % 1) * uint.MaxValue));
                await _socket.SendToAsync(packet, asked.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }
}
