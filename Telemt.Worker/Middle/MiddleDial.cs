using System.Net;
using Telemt.Core.Middle;
using Telemt.Core.Routing;
using Telemt.Worker.Dialing;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Middle;

/// <summary>What came of a way to a middle proxy.</summary>
/// <param name="Connection">Null when it did not come about; then <paramref name="Cause"/> says why.</param>
internal readonly record struct MiddleDialled(MiddleConnection? Connection, string? Cause);

/// <summary>Connects to a middle proxy and shakes hands. On its loop; one use.</summary>
internal sealed class MiddleDial(MiddleCluster cluster, LoopMiddle pool)
{
    private const long ConnectMilliseconds = 5000;
    private const long HandshakeMilliseconds = 8000;
    private const int ReceiveRoom = 8 * 1024;

    private readonly LoopWaiter _waiter = new(pool.Loop);

    private EventLoop Loop => pool.Loop;

    /// <summary>We stop: the wait of the moment fails.</summary>
    public void Cancel() => _waiter.Cancel();

    public async ValueTask<MiddleDialled> ConnectAsync(MiddleSecret secret, IPEndPoint target)
    {
        var times = new DialTimes(Loop.Now + ConnectMilliseconds, pool.StaggerMilliseconds);
        var way = await pool.Dialer.DialAsync(Loop, _waiter, cluster.Ways, [target], times);
        if (way.Socket is not { } socket)
        {
            return Failed(MiddleEnd.Unreachable, error: way.Error ?? "called off");
        }

        if (pool.Addresses.Ours(target, socket, way) is not { } ours)
        {
            socket.Close();
            return Failed(MiddleEnd.Unreachable, error:
                $"the SOCKS server of {way.Route!.Upstream} does not say which address it goes out by, and the keys are made of it: "
                + "go by one that does, or directly");
        }

        var held = new GrowingBytes(Loop.Buffers);
        try
        {
            var ends = new MiddleEnds(ours, target);
            var handshake = new MiddleHandshake(secret, ends, pool.Clock, pool.Random);
            var dialled = await ShakeHandsAsync(socket, way.Route!.Upstream, held, ends, handshake);
            if (dialled.Connection is null)
            {
                socket.Close();
                held.Release();
            }

            return dialled;
        }
        catch
        {
            socket.Close();
            held.Release();
            throw;
        }
    }

    private async ValueTask<MiddleDialled> ShakeHandsAsync(
        LoopSocket socket, UpstreamState upstream, GrowingBytes held, MiddleEnds ends, MiddleHandshake handshake)
    {
        var due = Loop.Now + HandshakeMilliseconds;
        if (!Send(socket, handshake))
        {
            return Failed(MiddleEnd.ClosedAtOnce, ends, handshake);
        }

        while (true)
        {
            if (!socket.IsReadable && await _waiter.Readable(socket, due) != WaitResult.Ready)
            {
                return Failed(handshake.KeysInUse ? MiddleEnd.HandshakeTimeout : MiddleEnd.Unreachable, ends, handshake, "no answer to our first word");
            }

            var received = socket.TryReceive(held.Room(ReceiveRoom));
            if (received is 0 or LoopSocket.Broken)
            {
                return Failed(handshake.KeysInUse ? MiddleEnd.ClosedInHandshake : MiddleEnd.ClosedAtOnce, ends, handshake);
            }

            if (received < 0)
            {
                continue;
            }

            held.Added(received);
            for (var step = MiddleStep.Write; step == MiddleStep.Write;)
            {
                step = handshake.Step(held.Bytes);
                if (step == MiddleStep.Broken)
                {
                    return Failed(MiddleEnd.HandshakeFault, ends, handshake);
                }

                held.Drop(handshake.Consumed);
                if (step == MiddleStep.Ready)
                {
                    return new MiddleDialled(new MiddleConnection(cluster, socket, upstream, ends, handshake.Reader, handshake.Writer, held), null);
                }

                if (step == MiddleStep.Write && !Send(socket, handshake))
                {
                    return Failed(MiddleEnd.ClosedInHandshake, ends, handshake);
                }
            }
        }
    }

    /// <summary>A fresh socket takes the 48 bytes whole.</summary>
    private static bool Send(LoopSocket socket, MiddleHandshake handshake) => socket.TrySend(handshake.Output.Span) == handshake.Output.Length;

    private static MiddleDialled Failed(MiddleEnd end, MiddleEnds? ends = null, MiddleHandshake? handshake = null, string? error = null) => new(
        null,
        MiddleAdvice.For(
            end, handshake?.Fault ?? MiddleFault.None, ends, handshake?.SkewSeconds ?? 0, handshake?.RefusedWith ?? 0, error));
}
