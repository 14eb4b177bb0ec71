using System.Net;
using Telemt.Core.Settings;
using Telemt.Core.Status;
using Telemt.Core.Wire;
using Telemt.Worker.Cli;
using Telemt.Worker.Listening;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Doctor.Checks;

/// <summary>Each listener: free to be bound, or taken by a proxy that lets one of our users in.</summary>
internal sealed class PortCheck : IDoctorCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public string Name => "ports";

    public async Task RunAsync(Patient patient, Findings findings, CancellationToken cancellation)
    {
        foreach (var listener in patient.Settings.Listeners)
        {
            if (listener.UnixPath is { } path)
            {
                findings.Note($"{path}: {(File.Exists(path) ? "is there" : "is made at the start")}; who may connect, its permissions say");
                continue;
            }

            await LookAsync(patient, listener, findings, cancellation);
        }
    }

    private static async Task LookAsync(Patient patient, ListenerSettings listener, Findings findings, CancellationToken cancellation)
    {
        switch (ListenSocket.Probe(listener))
        {
            case 0:
                findings.Good($"{listener.Identity} is free, and may be bound by {Environment.UserName}");
                break;
            case Libc.EADDRINUSE:
                await AskAsync(patient, listener, findings, cancellation);
                break;
            case Libc.EAFNOSUPPORT or Libc.EADDRNOTAVAIL when listener.IsDefault:
                findings.Note($"{listener.Identity}: this host has no IPv6, and the listener is left out");
                break;
            case var error:
                Describe(findings, ListenFailure.Describe(listener, error));
                break;
        }
    }

    /// <summary>Only ours shakes hands with a user of this file.</summary>
    private static async Task AskAsync(Patient patient, ListenerSettings listener, Findings findings, CancellationToken cancellation)
    {
        var settings = patient.Settings;
        if (listener.ProxyProtocol || Secret(settings) is not { } secret)
        {
            if ((await patient.Running).Status is not null)
            {
                findings.Good($"{listener.Identity} is the running proxy's, by what its page says");
                return;
            }

            findings.Warning(
                $"{listener.Identity} is taken, and who has it cannot be asked as a client would",
                $"see that it is telemt: ss -ltnp sport = :{listener.Port}; with [control] enabled the page tells");
            return;
        }

        var probe = new LinkProbe(patient.Random, patient.Clock, Patience);
        var result = await probe.RunAsync(new ProxyLink(Near(listener.Address!).ToString(), listener.Port, secret), dc: 2, cancellation);
        if (result is { Handshake: null, Answer: null })
        {
            Describe(findings, ListenFailure.Describe(listener, Libc.EADDRINUSE), $" (asked as a client: {result.Problem})");
        }
        else if (result.Answer is { } answer)
        {
            findings.Good($"{listener.Identity} is the running proxy's: a client comes through to data centre 2, {answer.TotalMilliseconds:F0} ms");
        }
        else
        {
            findings.Error(
                $"{listener.Identity} is the running proxy's, but a client does not come through to data centre 2: {result.Problem}",
                "see the data centres below");
        }
    }

    private static ClientSecret? Secret(ProxySettings settings) =>
        settings.Users.Users.FirstOrDefault(user => user.Enabled && !user.Secret.IsPlaceholder) is not { } user ? null
        : settings.Modes.Tls ? ClientSecret.Tls(user.Secret, settings.TlsDomains[0])
        : settings.Modes.Secure ? ClientSecret.Secure(user.Secret)
        : ClientSecret.Classic(user.Secret);

    private static IPAddress Near(IPAddress address) =>
        address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;

    /// <summary>What went wrong and its cure stand in one text there.</summary>
    private static void Describe(Findings findings, string failure, string more = "")
    {
        var border = failure.IndexOf("; ", StringComparison.Ordinal);
        findings.Error((border < 0 ? failure : failure[..border]) + more, border < 0 ? "see the system's log" : failure[(border + 2)..]);
    }
}
