using System.Collections.Immutable;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Logging.Abstractions;
using Telemt.Core.Client;
using Telemt.Core.Fronting;
using Telemt.Core.Wire;
using Telemt.Worker.Fronting;
using Telemt.Worker.Sessions;

namespace Telemt.Worker.Doctor.Checks;

/// <summary>The mask host as the proxy and its visitors meet it: who it is, and whether its first flight can be imitated.</summary>
internal sealed class MaskCheck : IDoctorCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public string Name => "mask";

    public async Task RunAsync(Patient patient, Findings findings, CancellationToken cancellation)
    {
        var settings = patient.Settings;
        if (!settings.Mask.Enabled)
        {
            findings.Warning("it is off: whoever is no client gets nothing, as no web server would do", "set mask = true and a site in mask_host");
            return;
        }

        var domains = settings.Modes.Tls ? settings.TlsDomains : [settings.Mask.Host ?? ""];
        foreach (var domain in domains.Where(domain => domain.Length > 0))
        {
            await LookAsync(patient, new MaskTarget(domain, settings.Mask.Host ?? domain, settings.Mask.Port, settings.Fronting.ProxyProtocol), findings, cancellation);
        }
    }

    private static async Task LookAsync(Patient patient, MaskTarget target, Findings findings, CancellationToken cancellation)
    {
        var place = target.Host.StartsWith('/') ? target.Host : $"{target.Host}:{target.Port}";
        if (await AddressesAsync(patient, target, place, findings) is not { IsEmpty: false } addresses)
        {
            return;
        }

        var probe = new MaskProbe(TimeProvider.System);
        var modern = await AskAsync(HelloStyle.Modern);
        if (modern.Flight is null)
        {
            findings.Error($"{place} does not answer a TLS hello: {modern.Error}", "start the site, or name another in mask_host and mask_port");
            return;
        }

        if (modern.Flight.Kind != HostFlightKind.Tls13)
        {
            findings.Error(
                $"{place} answers a browser's hello for {target.Domain} {Describe(modern.Flight)}",
                "choose a site with TLS 1.3 that knows the name: what clients see imitates its answer");
            return;
        }

        var groups = modern.Flight.Group == Tls13.X25519MlKem768 ? "X25519MLKEM768" : "X25519";
        findings.Good($"{place} answers for {target.Domain} with TLS 1.3 and {groups}, {modern.Delay.TotalMilliseconds:F0} ms");
        if (modern.Flight.Group != Tls13.X25519MlKem768)
        {
            findings.Note($"{place} knows no X25519MLKEM768, and so the proxy chooses none either");
        }

        var legacy = await AskAsync(HelloStyle.Legacy);
        if (legacy.Flight is { Kind: not HostFlightKind.Tls13 } refused)
        {
            findings.Warning($"{place} answers a hello that offers X25519 alone {Describe(refused)}", "turn X25519 on in the site's TLS settings");
        }

        Measure(place, modern.Flight, findings);
        await BrowseAsync(addresses, target, place, findings, cancellation);

        Task<MaskAnswer> AskAsync(HelloStyle style)
        {
            var hello = ProbeHello.Write(style, target.Domain, patient.Random);
            var sent = target.ProxyProtocol == 0 ? hello : [.. ProxyProtocolWriter.Write(target.ProxyProtocol, default, default), .. hello];
            return probe.AskAsync(addresses[0], sent, Patience, cancellation);
        }
    }

    /// <summary>Looked up as the proxy does, which refuses what leads back to itself.</summary>
    private static async Task<ImmutableArray<EndPoint>> AddressesAsync(Patient patient, MaskTarget target, string place, Findings findings)
    {
        var resolver = new MaskResolver(patient.Clock, new LocalAddresses(patient.Clock), NullLogger<MaskResolver>.Instance);
        var found = await resolver.ResolveAsync(patient.Settings, target.Host, target.Port, (long)Patience.TotalMilliseconds);
        var ours = await patient.PublicAddresses;
        var ports = patient.Settings.Listeners.Where(listener => listener.UnixPath is null).Select(listener => listener.Port).ToHashSet();
        var others = found.RemoveAll(address =>
            address is IPEndPoint point && ports.Contains(point.Port) && (point.Address.Equals(ours.V4) || point.Address.Equals(ours.V6)));
        if (others.IsEmpty)
        {
            var isKnown = !found.IsEmpty || IPAddress.TryParse(target.Host, out _) || await HasAddressAsync(target.Host);
            findings.Error(
                isKnown ? $"{place} leads back to this proxy: strangers would go round in a circle" : $"{place} has no address",
                isKnown
                    ? "let the site listen on another port of this host, and set mask_host = \"127.0.0.1\" and mask_port to it"
                    : "correct mask_host (or tls_domain, without one), or this host's resolver");
        }

        return others;
    }

    private static async Task<bool> HasAddressAsync(string host)
    {
        try
        {
            return (await Dns.GetHostAddressesAsync(host).WaitAsync(Patience)).Length > 0;
        }
        catch (Exception e) when (e is SocketException or ArgumentException or TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Telegram's clients take one flight of one record, and iOS none beyond 10,240 bytes.</summary>
    private static void Measure(string place, HostFlight flight, Findings findings)
    {
        var length = FlightSizes.Of(flight.Records.AsSpan());
        if (length > FlightSizes.Most)
        {
            findings.Warning(
                $"{place} sends {length + TlsRecord.HeaderSize} bytes of encrypted handshake, and Telegram's clients take 10,240 at most: ours is shorter than its",
                "a site with a shorter certificate chain (ECDSA, without extra intermediates) is imitated better");
        }
        else if (flight.Records.Length > 1 && length != flight.Records[0])
        {
            findings.Note(
                $"{place} sends its flight in {flight.Records.Length} records, and Telegram's clients take only one: ours is as long as all of them",
                "a server whose TLS library packs them into one (BoringSSL) is imitated better");
        }
        else
        {
            findings.Good($"its flight is one record of {length + TlsRecord.HeaderSize} bytes");
        }
    }

    /// <summary>As a browser would: HTTP/2 and the certificate.</summary>
    private static async Task BrowseAsync(
        ImmutableArray<EndPoint> addresses, MaskTarget target, string place, Findings findings, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        var errors = SslPolicyErrors.None;
        try
        {
            await using var stream = await SiteConnection.OpenAsync(addresses[0], target, SslApplicationProtocol.Http2, seen => errors = seen, limit.Token);
            if (stream.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2)
            {
                findings.Good($"{place} speaks HTTP/2");
            }
            else
            {
                findings.Warning($"{place} does not speak HTTP/2, which most sites do", "turn it on there, or choose another site");
            }

            if (errors != SslPolicyErrors.None)
            {
                findings.Warning(
                    $"its certificate does not hold for {target.Domain} ({errors}): a visitor's browser warns",
                    "give the site a certificate of that name, or choose another tls_domain");
            }
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            findings.Warning($"{place} does not finish a TLS handshake: {(e is OperationCanceledException ? "timed out" : e.Message)}", "look at the site with a browser");
        }
    }

    private static string Describe(HostFlight flight) => flight.Kind switch
    {
        HostFlightKind.Retry => "with a request for another key (HelloRetryRequest)",
        HostFlightKind.OlderTls => "with a version of TLS before 1.3",
        HostFlightKind.Alert => $"with a refusal (alert {flight.Alert})",
        HostFlightKind.Incomplete => "with half an answer",
        _ => "with something that is no TLS",
    };
}
