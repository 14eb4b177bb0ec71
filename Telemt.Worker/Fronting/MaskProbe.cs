using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Telemt.Core.Fronting;

namespace Telemt.Worker.Fronting;

/// <summary>
/// Asks a mask host once: connects, sends a hello, reads until the host waits for the client, and goes. Off the loops.
/// </summary>
internal sealed class MaskProbe(TimeProvider clock)
{
    private const int MostBytes = 64 * 1024;

    /// <summary>A flight is over when nothing has come for so long, or for twice the time that its first byte took.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(120);

    /// <param name="target">An address, or a unix socket.</param>
    /// <param name="patience">For all of it.</param>
    public async Task<MaskAnswer> AskAsync(EndPoint target, ReadOnlyMemory<byte> hello, TimeSpan patience, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            return await AskAsync(target, hello, either.Token);
        }
        catch (SocketException e)
        {
            return MaskAnswer.None(e.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return MaskAnswer.None("no answer in time");
        }
    }

    private static async Task<MaskAnswer> AskAsync(EndPoint target, ReadOnlyMemory<byte> hello, CancellationToken cancellation)
    {
        var isUnix = target is UnixDomainSocketEndPoint;
        using var socket = new Socket(target.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        if (!isUnix)
        {
            socket.NoDelay = true;
        }

        var start = Stopwatch.GetTimestamp();
        await socket.ConnectAsync(target, cancellation);
        await socket.SendAsync(hello, cancellation);
        var buffer = new byte[MostBytes];
        var length = await socket.ReceiveAsync(buffer, cancellation);
        var delay = Stopwatch.GetElapsedTime(start);
        if (length == 0)
        {
            return MaskAnswer.None("the host ended the connection without an answer");
        }

        var more = length;
        while (more > 0 && length < MostBytes)
        {
            more = await ReceiveSoonAsync(socket, buffer.AsMemory(length), Pause(delay, buffer.AsSpan(0, length)), cancellation);
            length += more;
        }

        return new MaskAnswer(HostFlight.Read(buffer.AsSpan(0, length)), delay, null);
    }

    private static TimeSpan Pause(TimeSpan delay, ReadOnlySpan<byte> bytes)
    {
        var flight = HostFlight.Read(bytes);
        return flight.Kind == HostFlightKind.Incomplete || flight.EndsWithinRecord || (flight.Kind == HostFlightKind.Tls13 && flight.Records.IsEmpty)
            ? TimeSpan.FromSeconds(2)
            : delay * 2 > Quiet ? delay * 2 : Quiet;
    }

    /// <returns>0 when nothing more comes soon.</returns>
    private static async Task<int> ReceiveSoonAsync(Socket socket, Memory<byte> buffer, TimeSpan pause, CancellationToken cancellation)
    {
        using var early = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        early.CancelAfter(pause);
        try
        {
            return await socket.ReceiveAsync(buffer, early.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return 0;
        }
        catch (SocketException)
        {
            // A reset behind the answer, as some hosts end a refusal.
            return 0;
        }
    }
}
