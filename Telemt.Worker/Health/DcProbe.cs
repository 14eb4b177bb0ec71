using Microsoft.Extensions.Logging;
using Telemt.Core;
using Telemt.Core.Client;
using Telemt.Core.Routing;
using Telemt.Core.Wire;
using Telemt.Worker.Dialing;

namespace Telemt.Worker.Health;

/// <summary>
/// Asks a DC by one way what needs no account, req_pq_multi behind a header of its own (PROTOCOL C.5, G): that a port is open says little.
/// What came of it goes into the ledger.
/// </summary>
internal sealed class DcProbe(
    HealthLedger ledger, UpstreamConnector connector, IRandomSource random, TimeProvider clock, ILogger<DcProbe> log)
{
    private const int ReceiveRoom = 4096;

    /// <returns>Whether it answered.</returns>
    public async Task<bool> RunAsync(RouteCandidate candidate, short dc, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        try
        {
            var stream = await connector.ConnectAsync(candidate, ledger.Rules.Timeout, cancellation);
            await using (stream.ConfigureAwait(false))
            {
                var connected = clock.GetElapsedTime(began);
                await AskAsync(stream, dc, cancellation);
                candidate.Path?.Answer.Add(clock.GetElapsedTime(began) - connected);
                candidate.Path?.Connect.Add(connected);
                log.Tell(candidate, ledger.Works(candidate), null);
                return true;
            }
        }
        catch (UpstreamException e)
        {
            log.Tell(candidate, ledger.Failed(candidate, e.Fault, e.Message), e.Message);
            return false;
        }
    }

    private async Task AskAsync(Stream stream, short dc, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(ledger.Rules.Timeout, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        var probe = new LivenessProbe(secret: null, ProtocolTag.PaddedIntermediate, dc, random, clock);
        var room = new byte[ReceiveRoom];
        try
        {
            await stream.WriteAsync(probe.Output, limit.Token);
            while (probe.State == ProbeState.Question)
            {
                var received = await stream.ReadAsync(room, limit.Token);
                if (received == 0)
                {
                    throw new UpstreamException(DialFault.Target, "it ended the connection without an answer");
                }

                probe.Receive(room.AsSpan(0, received));
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new UpstreamException(DialFault.Target, "it does not answer");
        }
        catch (IOException e) when (e is not UpstreamException)
        {
            throw new UpstreamException(DialFault.Target, e.Message);
        }

        if (probe.State == ProbeState.Failed)
        {
            throw new UpstreamException(DialFault.Target, $"what it answers is no data centre's ({probe.Failure})");
        }
    }
}
