using System.Net;
using System.Net.Sockets;
using Telemt.Core.Routing;
using Telemt.Core.Settings;
using Telemt.Core.Upstream;

namespace Telemt.Worker.Dialing;

/// <summary>
/// Connects through the same upstreams off the loops, for what is not a session: downloads, the look at the mask host. Its sockets are
/// managed ones and never meet a loop. Give <see cref="ConnectAsync(UpstreamChoice, EndPoint, CancellationToken)"/> to an HttpClient as
/// <see cref="System.Net.Http.SocketsHttpHandler.ConnectCallback"/>. Safe for any thread.
/// </summary>
internal sealed class UpstreamConnector(HealthLedger ledger, NameResolver names, TimeProvider clock)
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
            try
            {
                return await ConnectAsync(candidate, Share, cancellation);
            }
            catch (UpstreamException e)
            {
                errors.Add($"by {candidate.Upstream}: {e.Message}");
            }
        }

        throw new IOException(errors.Count == 0
            ? $"{target}: no upstream of group {choice.Group} leads there"
            : $"{target}: {string.Join("; ", errors)}");
    }

    /// <summary>By this way and no other.</summary>
    /// <returns>A connection that the caller owns.</returns>
    /// <exception cref="UpstreamException">It did not lead there within <paramref name="time"/>.</exception>
    public async Task<Stream> ConnectAsync(RouteCandidate candidate, TimeSpan time, CancellationToken cancellation)
    {
        var upstream = candidate.Upstream.Settings;
        var isDirect = upstream.Kind == UpstreamKind.Direct;
        var dialogue = isDirect ? null : new SocksDialogue(upstream, candidate.Target);
        using var late = new CancellationTokenSource(time, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            var socket = await ReachAsync(candidate.Upstream, isDirect ? candidate.Target : upstream.Server!, limit.Token);
            var stream = new NetworkStream(socket, ownsSocket: true);
            try
            {
                await TalkAsync(stream, dialogue, limit.Token);
                return stream;
            }
            catch
            {
                await stream.DisposeAsync();
                throw;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new UpstreamException(Whose(dialogue), "timed out");
        }
        catch (Exception e) when (e is SocketException || e is IOException and not UpstreamException)
        {
            throw new UpstreamException(Whose(dialogue), e.Message);
        }
    }

    /// <summary>The server's until it was asked for the target.</summary>
    private static DialFault Whose(SocksDialogue? dialogue) => dialogue is { HasAsked: false } ? DialFault.Upstream : DialFault.Target;

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
        try
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
        catch (SocketException e)
        {
            throw new UpstreamException(DialFault.Upstream, e.Message);
        }
    }

    private static async Task TalkAsync(NetworkStream stream, SocksDialogue? dialogue, CancellationToken cancellation)
    {
        var room = new byte[SocksDialogue.MaxReply];
        while (dialogue?.Status == SocksStatus.Talking)
        {
            await stream.WriteAsync(dialogue.Output, cancellation);
            var received = await stream.ReadAsync(room.AsMemory(0, dialogue.Wanted), cancellation);
            if (received == 0)
            {
                throw new IOException("the SOCKS server closed the connection");
            }

            dialogue.Receive(room.AsSpan(0, received));
        }

        if (dialogue?.Status == SocksStatus.Failed)
        {
            throw new UpstreamException(dialogue.IsServerFault ? DialFault.Upstream : DialFault.Target, dialogue.Explain());
        }
    }
}
