using System.Net;
using System.Net.Sockets;
using Telemt.Core;
using Telemt.Core.Client;
using Telemt.Core.Status;
using Telemt.Core.Wire;

namespace Telemt.Worker.Cli;

/// <summary>Tries a link: connects as a client would, asks a data centre the question that needs no account, and takes the times.</summary>
/// <param name="timeout">For everything together, the look-up of the name included.</param>
internal sealed class LinkProbe(IRandomSource random, TimeProvider clock, TimeSpan timeout)
{
    /// <exception cref="OperationCanceledException">The caller gave up; a time-out is a result.</exception>
    public async Task<PingResult> RunAsync(ProxyLink link, short dc, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        var run = new Run(new PingResult(dc), "looking up the name");
        try
        {
            using var socket = await ConnectAsync(link, run, limit.Token);
            await AskAsync(socket, link, dc, run, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            run.Fail(run.TimedOut(link.Secret.Mode, timeout));
        }
        catch (SocketException e)
        {
            run.Fail($"{run.Phase}: {e.Message}");
        }

        return run.Result;
    }

    private async Task<Socket> ConnectAsync(ProxyLink link, Run run, CancellationToken cancellation)
    {
        var addresses = IPAddress.TryParse(link.Server, out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(link.Server, cancellation);
        run.Phase = "connecting";
        for (var i = 0; ; i++)
        {
            var started = clock.GetTimestamp();
            var socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(addresses[i], link.Port), cancellation);
                run.Result = run.Result with { Connect = clock.GetElapsedTime(started) };
                return socket;
            }
            catch (SocketException) when (i + 1 < addresses.Length)
            {
                // The next address of the name may do.
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private async Task AskAsync(Socket socket, ProxyLink link, short dc, Run run, CancellationToken cancellation)
    {
        // With a plain secret clients choose; most of them take this one.
        var tag = link.Secret.Mode == ClientMode.Classic ? ProtocolTag.Intermediate : ProtocolTag.PaddedIntermediate;
        var probe = new LivenessProbe(link.Secret, tag, dc, random, clock);
        var buffer = new byte[16 * 1024];
        var state = (ProbeState?)null;
        var started = 0L;
        while (true)
        {
            if (probe.State != state)
            {
                run.Enter(probe, state, clock.GetElapsedTime(started));
                (state, started) = (probe.State, clock.GetTimestamp());
            }

            if (state is ProbeState.Answered or ProbeState.Failed)
            {
                return;
            }

            for (var output = probe.Output; !output.IsEmpty;)
            {
                output = output[await socket.SendAsync(output, cancellation)..];
            }

            var received = await socket.ReceiveAsync(buffer, cancellation);
            if (received == 0)
            {
                run.Fail($"{run.Phase}: the proxy ended the connection");
                return;
            }

            probe.Receive(buffer.AsSpan(0, received));
        }
    }

    /// <summary>How far a probe has come.</summary>
    private sealed class Run(PingResult result, string phase)
    {
        public PingResult Result { get; set; } = result;

        public string Phase { get; set; } = phase;

        public void Fail(string problem) => Result = Result with { Problem = problem };

        public void Enter(LivenessProbe probe, ProbeState? left, TimeSpan took)
        {
            Result = left switch
            {
                ProbeState.Handshake when probe.State == ProbeState.Question => Result with { Handshake = took },
                ProbeState.Question when probe.State == ProbeState.Answered => Result with { Answer = took },
                _ => Result,
            };
            Phase = probe.State == ProbeState.Handshake ? "shaking hands" : "waiting for the data centre";
            if (probe.State == ProbeState.Failed)
            {
                Fail(Describe(probe));
            }
        }

        public string TimedOut(ClientMode mode, TimeSpan timeout)
        {
            // A proxy never answers a header that it cannot read, so this is all that a wrong secret looks like outside TLS.
            var hint = Result.Connect is not null && mode != ClientMode.Tls
                ? " (a secret or mode that this proxy does not know, or no way from it to the data centre)"
                : "";
            return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Phase}: nothing within {timeout.TotalSeconds} s{hint}");
        }

        private static string Describe(LivenessProbe probe) => probe.Failure switch
        {
            ProbeFailure.Handshake when probe.HandshakeStatus == ServerFlightStatus.WrongDigest =>
                "a web site answered: the proxy does not know this secret or domain, or a clock is wrong by minutes",
            ProbeFailure.Handshake when probe.HandshakeStatus == ServerFlightStatus.WrongRecords =>
                "a web site answered, or something else that speaks TLS: this is no proxy, or it does not know this secret",
            ProbeFailure.Handshake => "the answer is not TLS: this is no proxy for fake TLS",
            ProbeFailure.TransportError => $"the data centre answered with error {probe.TransportError}",
            ProbeFailure.WrongNonce => "the data centre answered somebody else's question",
            _ => "the answer cannot be understood: this is no proxy, or its secret is another",
        };
    }
}
