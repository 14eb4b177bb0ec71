using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Telemt.Worker.Sessions;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Dialing;

/// <summary>
/// Connects to the first candidate that answers, all of them inside one deadline: each attempt gets an even share of the time that is
/// left, so that a silent first address does not use up the others' time.
/// </summary>
internal sealed class Dialer(TimeProvider clock)
{
    private const int CancelledError = -1;

    /// <param name="due">Loop time by which the last attempt must have succeeded.</param>
    public async ValueTask<DialResult> DialAsync(Session session, ImmutableArray<EndPoint> candidates, long due)
    {
        string? errors = null;
        for (var i = 0; i < candidates.Length; i++)
        {
            var now = session.Loop.Now;
            var share = now + Math.Max(1, (due - now) / (candidates.Length - i));
            if (due <= now)
            {
                break;
            }

            if (candidates[i] is DnsEndPoint name)
            {
                var resolved = await ResolveAsync(name, share - now);
                if (resolved.IsEmpty)
                {
                    errors = Add(errors, name, "the name has no address");
                    continue;
                }

                candidates = [.. candidates[..i], .. resolved, .. candidates[(i + 1)..]];
                i--;
                continue;
            }

            var (socket, error) = await ConnectAsync(session, candidates[i], share);
            if (socket is not null)
            {
                return new DialResult(socket, null);
            }

            if (error == CancelledError)
            {
                return default;
            }

            errors = Add(errors, candidates[i], Errno.Describe(error));
        }

        return new DialResult(null, errors ?? "no address to try");
    }

    private static async ValueTask<(LoopSocket? Socket, int Error)> ConnectAsync(Session session, EndPoint target, long due)
    {
        var socket = LoopSocket.BeginConnect(session.Loop, target, out var error);
        if (error is Libc.EMFILE or Libc.ENFILE && session.MakeRoom())
        {
            socket = LoopSocket.BeginConnect(session.Loop, target, out error);
        }

        if (socket is null)
        {
            return (null, error);
        }

        var waited = await session.Waiter!.Writable(socket, due);
        while (waited == WaitResult.Ready && !socket.IsWritable)
        {
            waited = await session.Waiter.Writable(socket, due);
        }

        error = waited switch
        {
            WaitResult.TimedOut => Libc.ETIMEDOUT,
            WaitResult.Cancelled => CancelledError,
            _ => socket.PeerEnded ? socket.TakeConnectError() : 0,
        };
        if (error == 0)
        {
            return (socket, 0);
        }

        socket.Close();
        return (null, error);
    }

    private async ValueTask<ImmutableArray<EndPoint>> ResolveAsync(DnsEndPoint name, long patienceMilliseconds)
    {
        try
        {
            var patience = TimeSpan.FromMilliseconds(Math.Clamp(patienceMilliseconds, 1, int.MaxValue));
            var addresses = await Dns.GetHostAddressesAsync(name.Host).WaitAsync(patience, clock);
            return [.. addresses.Select(address => new IPEndPoint(address, name.Port))];
        }
        catch (Exception e) when (e is SocketException or TimeoutException or ArgumentException)
        {
            return [];
        }
    }

    private static string Add(string? errors, EndPoint target, string error) =>
        errors is null ? $"{target}: {error}" : $"{errors}; {target}: {error}";
}
