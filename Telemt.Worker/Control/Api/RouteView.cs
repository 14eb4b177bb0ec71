using System.Net;
using System.Net.Sockets;
using Telemt.Core.Routing;

namespace Telemt.Worker.Control.Api;

/// <summary>The ways to Telegram as the ledger knows them: each upstream, and each address of a data centre that was tried through it.</summary>
internal sealed class RouteView(HealthLedger ledger)
{
    public RoutesDocument Read()
    {
        var dcs = new Dictionary<EndPoint, short>();
        foreach (var dc in ledger.Dcs)
        {
            foreach (var address in dc.Ipv4First)
            {
                dcs.TryAdd(address, dc.Index);
            }
        }

        return new RoutesDocument([.. ledger.Upstreams.Select(upstream => Document(upstream, dcs))]);
    }

    private static UpstreamDocument Document(UpstreamState upstream, Dictionary<EndPoint, short> dcs)
    {
        var settings = upstream.Settings;
        return new UpstreamDocument
        {
            Name = settings.Name,
            Type = StatusView.Word(settings.Kind),
            Address = settings.Address,
            Group = settings.Group,
            Weight = settings.Weight,
            Draining = upstream.IsDraining,
            State = StatusView.Word(upstream.Health.State),
            Since = upstream.Health.Since,
            Sessions = upstream.Live,
            Chosen = upstream.Chosen,
            Failed = upstream.Failed,
            LastError = upstream.Health.LastError,
            LastErrorAt = upstream.Health.LastErrorAt,
            Paths =
            [
                .. upstream.Paths.Select(path => Document(path, dcs)).OrderBy(path => Math.Abs((int)path.Dc)).ThenByDescending(path => path.Dc)
                    .ThenBy(path => path.Family, StringComparer.Ordinal).ThenBy(path => path.Address, StringComparer.Ordinal),
            ],
        };
    }

    private static PathDocument Document(PathState path, Dictionary<EndPoint, short> dcs) => new()
    {
        Dc = dcs.GetValueOrDefault(path.Target),
        Address = path.Target is DnsEndPoint name ? $"{name.Host}:{name.Port}" : path.Target.ToString()!,
        Family = path.Target.AddressFamily switch { AddressFamily.InterNetwork => "ipv4", AddressFamily.InterNetworkV6 => "ipv6", _ => "name" },
        State = StatusView.Word(path.Health.State),
        Since = path.Health.Since,
        Failures = path.Health.Failures,
        Mute = path.Mute,
        LastError = path.Health.LastError,
        LastErrorAt = path.Health.LastErrorAt,
        Connect = Document(path.Connect.Percentiles()),
        Answer = Document(path.Answer.Percentiles()),
    };

    private static LatencyDocument? Document(LatencyPercentiles? times) =>
        times is null ? null : new(Math.Round(times.P50, 2), Math.Round(times.P90, 2), Math.Round(times.P99, 2));
}
