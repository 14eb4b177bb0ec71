using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Telemt.Core.Routing;
using Telemt.Worker.Dialing;
using Telemt.Worker.Health;

namespace Telemt.Worker.Doctor.Checks;

/// <summary>Every address of every data centre by every upstream, with the question that a health probe asks: req_pq_multi.</summary>
internal sealed class DcCheck : IDoctorCheck
{
    private const int MostAtOnce = 64;

    /// <summary>The test centres: phones of users do not go there.</summary>
    private const int FirstTest = 10_001;

    public string Name => "datacenters";

    public async Task RunAsync(Patient patient, Findings findings, CancellationToken cancellation)
    {
        var settings = patient.Settings;
        var ledger = new HealthLedger(patient.Clock, new UpstreamBalancer(patient.Random));
        ledger.Apply(settings);
        var connector = new UpstreamConnector(ledger, new NameResolver(patient.Clock), patient.Clock);
        var probe = new DcProbe(ledger, connector, patient.Random, patient.Clock, NullLogger<DcProbe>.Instance);
        var ways = settings.Dcs.Routes
            .Where(route => Math.Abs((int)route.Index) < FirstTest || settings.Dcs.Overrides.ContainsKey(route.Index))
            .SelectMany(route => ledger.Upstreams.SelectMany(upstream => route.Candidates(settings.PreferIpv6)
                .Where(target => upstream.Settings.Reaches(target))
                .Select(target => new Way(route.Index, new RouteCandidate(upstream, target, upstream.PathTo(target), null, IsFallback: false)))))
            .ToList();
        var options = new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(ways, options, async (way, token) => way.Works = await probe.RunAsync(way.Candidate, way.Dc, token));
        Tell(ways, findings);
    }

    private static void Tell(List<Way> ways, Findings findings)
    {
        foreach (var upstream in ways.GroupBy(way => way.Candidate.Upstream))
        {
            // A family that reaches nothing is one finding, and not one for each data centre.
            var dead = upstream.GroupBy(way => way.Family).Where(family => !family.Any(way => way.Works)).ToList();
            var living = upstream.Where(way => !dead.Exists(family => family.Key == way.Family)).ToList();
            if (living.Count == 0)
            {
                findings.Error($"by {upstream.Key} none answers: {Causes(upstream)}", Cure(upstream.Key));
                continue;
            }

            foreach (var dc in living.GroupBy(way => way.Dc))
            {
                TellOne(dc.Key, upstream.Key, [.. dc], ways, findings);
            }

            foreach (var family in dead)
            {
                findings.Note(
                    $"by {upstream.Key} none answers over {family.Key}: {Causes(family)}",
                    family.Key == "IPv6" ? "give this host IPv6, or set ipv6 = false in that [[upstreams]] table: sessions do well without" : null);
            }
        }
    }

    private static void TellOne(short dc, UpstreamState upstream, Way[] ways, List<Way> all, Findings findings)
    {
        var well = ways.Where(way => way.Works).ToArray();
        var failed = ways.Where(way => !way.Works).ToArray();
        var text = $"{dc} by {upstream}: {string.Join(", ", ways.Select(way => way.Describe()))}";
        if (failed.Length == 0)
        {
            findings.Good(text);
        }
        else if (well.Length > 0)
        {
            findings.Note(text, "sessions go by those that answer");
        }
        else if (all.Exists(way => way.Dc == dc && way.Works))
        {
            findings.Warning(text, $"sessions of its group go elsewhere, if they may; {Cure(upstream)}");
        }
        else
        {
            findings.Error(text, Cure(upstream));
        }
    }

    private static string Causes(IEnumerable<Way> ways) => string.Join("; ", ways.Select(way => way.Error).Distinct().Take(3));

    private static string Cure(UpstreamState upstream) => upstream.Settings.Address is { } server
        ? $"see that the SOCKS server {server} runs, takes this login and may reach Telegram"
        : "see this host's firewall and routes; where the network blocks Telegram, add a SOCKS server in [[upstreams]]";

    private sealed record Way(short Dc, RouteCandidate Candidate)
    {
        public bool Works { get; set; }

        public string Family => Candidate.Target is IPEndPoint { AddressFamily: AddressFamily.InterNetworkV6 } ? "IPv6" : "IPv4";

        public string Error => Candidate.Path!.Health.LastError ?? Candidate.Upstream.Health.LastError ?? "no answer";

        public string Describe() => Works
            ? string.Create(CultureInfo.InvariantCulture, $"{Place} {Candidate.Path!.Connect.Average:F0} + {Candidate.Path!.Answer.Average:F0} ms")
            : $"{Place} fails ({Error})";

        private string Place => Candidate.Target switch
        {
            IPEndPoint { Port: 443 } point => point.Address.ToString(),
            DnsEndPoint name => $"{name.Host}:{name.Port}",
            var other => other.ToString()!,
        };
    }
}
