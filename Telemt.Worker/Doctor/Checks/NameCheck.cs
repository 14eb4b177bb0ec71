using System.Net;
using System.Net.Sockets;
using Telemt.Worker.Links;

namespace Telemt.Worker.Doctor.Checks;

/// <summary>Names against the public address: where links lead, and what an observer compares the site's name with.</summary>
internal sealed class NameCheck : IDoctorCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public string Name => "names";

    public async Task RunAsync(Patient patient, Findings findings, CancellationToken cancellation)
    {
        var settings = patient.Settings;
        var ours = await patient.PublicAddresses;
        if (ours.IsKnown)
        {
            findings.Good($"the public address is {ours}");
        }
        else if (LinkList.DependsOnPublicAddress(settings))
        {
            findings.Warning("the public address is not known, and links need it", "set public_ip, or announce of a listener");
        }

        foreach (var name in settings.Listeners.Select(listener => listener.Announce).OfType<string>().Distinct())
        {
            await LookAsync(name, ours, findings, isAnnounced: true, cancellation);
        }

        foreach (var domain in settings.Modes.Tls ? settings.TlsDomains : [])
        {
            await LookAsync(domain, ours, findings, isAnnounced: false, cancellation);
        }
    }

    private static async Task LookAsync(string name, PublicAddresses ours, Findings findings, bool isAnnounced, CancellationToken cancellation)
    {
        var what = isAnnounced ? $"links name {name}" : $"tls_domain {name}";
        var addresses = await ResolveAsync(name, cancellation);
        if (addresses.Length == 0)
        {
            if (isAnnounced)
            {
                findings.Error($"{what}, which has no address", "make an A record (and AAAA) of it that leads here, or change announce");
            }
            else
            {
                findings.Warning($"{what} has no address: whoever looks it up sees that no such site is there", "choose the name of a site that exists");
            }
        }
        else if (!ours.IsKnown)
        {
            findings.Note($"{what} leads to {string.Join(", ", addresses.AsEnumerable())}; the public address is not known");
        }
        else if (addresses.Any(address => address.Equals(ours.V4) || address.Equals(ours.V6)))
        {
            findings.Good($"{what} leads here");
        }
        else if (isAnnounced)
        {
            findings.Error($"{what}, which leads to {string.Join(", ", addresses.AsEnumerable())} and not to {ours}", "correct its record, or public_ip");
        }
        else
        {
            findings.Warning(
                $"{what} leads to {string.Join(", ", addresses.AsEnumerable())} and not to {ours}: whoever compares them sees it",
                "a name of your own that leads here, with its site behind mask_host, hides best");
        }
    }

    private static async Task<IPAddress[]> ResolveAsync(string name, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            return await Dns.GetHostAddressesAsync(name, limit.Token);
        }
        catch (Exception e) when (e is SocketException or ArgumentException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return [];
        }
    }
}
