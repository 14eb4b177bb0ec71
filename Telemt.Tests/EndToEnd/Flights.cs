using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Telemt.Core.Client;
using Telemt.Core.Fronting;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.EndToEnd;

/// <summary>What an observer sees of an accepted client's handshake.</summary>
internal static class Flights
{
    private static readonly Random Seeds = new(1);

    /// <summary>A hello of tele's that has not been seen before.</summary>
    public static byte[] Hello(this ProxyFixture proxy, HelloStyle style = HelloStyle.Modern)
    {
        var seed = Seeds.Next();
        var time = (uint)proxy.Clock.GetUtcNow().ToUnixTimeSeconds();
        return ClientHelloWriter.Write(ProxyFixture.KeyOf("tele"), ProxyFixture.Domain, time, new SeededRandom(seed), style);
    }

    public static Task<(HostFlight Flight, byte[] Bytes, TimeSpan Delay)> AskAsync(
        this ProxyFixture proxy, HelloStyle style = HelloStyle.Modern, CancellationToken cancellation = default)
        => AskAsync(proxy.Port, proxy.Hello(style), cancellation);

    /// <summary>Sends a hello and reads the flight that answers it: up to and with the first encrypted record.</summary>
    public static async Task<(HostFlight Flight, byte[] Bytes, TimeSpan Delay)> AskAsync(int port, byte[] hello, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
        var watch = Stopwatch.StartNew();
        await socket.SendAllAsync(hello, cancellation);
        var buffer = new byte[32 * 1024];
        var length = await socket.ReceiveAsync(buffer, cancellation);
        var delay = watch.Elapsed;
        var flight = HostFlight.Read(buffer.AsSpan(0, length));
        while (flight.Kind == HostFlightKind.Incomplete || (flight.Kind == HostFlightKind.Tls13 && flight.Records.IsEmpty))
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(length), cancellation);
            Assert.That(count, Is.Positive, "the flight ended before it was whole");
            length += count;
            flight = HostFlight.Read(buffer.AsSpan(0, length));
        }

        return (flight, buffer[..length], delay);
    }
}
