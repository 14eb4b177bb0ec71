using System.Net;
using System.Net.Sockets;
using Telemt.Core.Routing;
using Telemt.Core.Settings;
using Telemt.Core.Upstream;

namespace Telemt.Worker.Dialing;

/// <summary>
/// Connects through the same upstreams off the loops, for what is not a session: downloads, the look at the mask host. Its sockets are
/// managed ones and never meet a loop. Give <see cref="ConnectAsync"/> to an HttpClient as
/// <see cref="System.Net.Http.SocketsHttpHandler.ConnectCallback"/>. Safe for any thread.
/// </summary>
internal sealed class UpstreamConnector(HealthLedger ledger, NameResolver names)
{
    private const int SolSocket = 1;
    private const int SoBindToDevice = 25;

    /// <summary>Of one attempt, so that a silent first upstream leaves time for the next.</summary>
    private static readonly TimeSpan Share = TimeSpan.FromSeconds(5);

    /// <param name="target">An address, or a name that whoever is nearest to the target looks up.</param>
    /// <returns>A connection that the caller owns.</returns>
    /// <exception cref="IOException">No upstream led there; the message names what each met.</exception>
    public async ValueTask<Stream> ConnectAsync(UpstreamChoice choice, EndPoint target, CancellationToken cancellation)
    {
        var errors = new List<string>();
        foreach (var candidate in ledger.PlanForOther(choice, [target]))
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(Share);
            try
            {
                return await TryAsync(candidate, limit.Token);
            }
            catch (Exception e) when (e is SocketException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
            {
                errors.Add($"by {candidate.Upstream}: {(e is OperationCanceledException ? "timed out" : e.Message)}");
            }
        }

        cancellation.ThrowIfCancellationRequested();
        throw new IOException(errors.Count == 0
            ? $"{target}: no upstream of group {choice.Group} leads there"
            : $"{target}: {string.Join("; ", errors)}");
    }

    private async Task<Stream> TryAsync(RouteCandidate candidate, CancellationToken cancellation)
    {
        var upstream = candidate.Upstream.Settings;
        var hop = upstream.Kind == UpstreamKind.Direct ? candidate.Target : upstream.Server!;
        var socket = await ReachAsync(candidate.Upstream, hop, cancellation);
        try
        {
            if (upstream.Kind != UpstreamKind.Direct)
            {
                await TalkAsync(socket, new SocksDialogue(upstream, candidate.Target), cancellation);
            }

            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<Socket> ReachAsync(UpstreamState upstream, EndPoint hop, CancellationToken cancellation)
    {
        IEnumerable<EndPoint> addresses = hop is DnsEndPoint name
            ? (await names.ResolveAsync(name.Host)).Select(address => new IPEndPoint(address, name.Port))
            : [hop];
        Exception? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                Bind(socket, upstream.NextBinding(address.AddressFamily));
                await socket.ConnectAsync(address, cancellation);
                return socket;
            }
            catch (SocketException e)
            {
                socket.Dispose();
                last = e;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last ?? new IOException("the name has no address");
    }

    private static void Bind(Socket socket, LocalBinding binding)
    {
        if (binding.Device is { } device)
        {
            socket.SetRawSocketOption(SolSocket, SoBindToDevice, System.Text.Encoding.ASCII.GetBytes(device + '\0'));
        }
        else if (binding.Address is { } address)
        {
            socket.Bind(new IPEndPoint(address, 0));
        }
    }

    private static async Task TalkAsync(Socket socket, SocksDialogue dialogue, CancellationToken cancellation)
    {
        var room = new byte[SocksDialogue.MaxReply];
        while (dialogue.Status == SocksStatus.Talking)
        {
            for (var output = dialogue.Output; !output.IsEmpty;)
            {
                output = output[await socket.SendAsync(output, cancellation)..];
            }

            var received = await socket.ReceiveAsync(room.AsMemory(0, dialogue.Wanted), cancellation);
            if (received == 0)
            {
                throw new IOException("the SOCKS server closed the connection");
            }

            dialogue.Receive(room.AsSpan(0, received));
        }

        if (dialogue.Status == SocksStatus.Failed)
        {
            throw new IOException(dialogue.Explain());
        }
    }
}
