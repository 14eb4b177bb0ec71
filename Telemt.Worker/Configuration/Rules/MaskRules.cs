using System.Net;
using Telemt.Worker.Configuration.Schema;

namespace Telemt.Worker.Configuration.Rules;

/// <summary>Where everything unauthenticated goes: somewhere, and not back to us. Names are looked at when they are dialled.</summary>
internal static class MaskRules
{
    public static void Check(TelemtOptions options, HostFacts host, ProblemList problems)
    {
        var root = options.Root;
        if (!root.Get(RootKeys.Mask))
        {
            return;
        }

        var target = root.Get(RootKeys.MaskHost);
        if (target is null)
        {
            CheckThereIsOne(options, problems);
            return;
        }

        if (target.StartsWith('/'))
        {
            CheckUnixPath(options, target, problems);
        }
        else if (HostText.TryAddress(target, out var address))
        {
            CheckAddress(options, host, address, problems);
        }
    }

    private static void CheckThereIsOne(TelemtOptions options, ProblemList problems)
    {
        var root = options.Root;
        if (DomainRules.All(options).Any() || !root.Lacks(RootKeys.MaskHost) || !root.Lacks(RootKeys.TlsDomain))
        {
            return;
        }

        const string Cure = "add mask_host = \"www.example.com\", or set mask = false";
        if (root.Has(RootKeys.Mask))
        {
            problems.Error(root.OriginOf(RootKeys.Mask), RootKeys.Mask.Path, "is on without a site: there is neither mask_host nor tls_domain", Cure);
        }
        else
        {
            problems.Warning(options.File, RootKeys.Mask.Path, "has no site to show strangers: what they send is read and discarded", Cure);
        }
    }

    private static void CheckUnixPath(TelemtOptions options, string path, ProblemList problems)
    {
        if (ListenerTarget.All(options).Any(listener => listener.Bind?.UnixPath == path))
        {
            Refuse(options, $"\"{path}\" is a socket that we listen on", problems);
        }
    }

    private static void CheckAddress(TelemtOptions options, HostFacts host, IPAddress address, ProblemList problems)
    {
        var port = options.Root.Get(RootKeys.MaskPort);
        var place = HostText.WithPort(address, port);
        var listeners = ListenerTarget.All(options);
        if (IsOwn(address, host) && listeners.Any(listener => listener.Takes(Reached(address), port)))
        {
            Refuse(options, $"{place} is an address of this host and a port that we listen on", problems);
        }
        else if (Announced(options, listeners).Any(own => own.Address.Equals(address) && own.Port == port))
        {
            Refuse(options, $"{place} is where our own links lead", problems);
        }
    }

    private static bool IsOwn(IPAddress address, HostFacts host)
        => IPAddress.IsLoopback(address) || ListenerTarget.IsAny(address) || host.Addresses.Contains(address);

    /// <summary>A connection to 0.0.0.0 or :: arrives at the loopback address.</summary>
    private static IPAddress Reached(IPAddress address)
        => address.Equals(IPAddress.Any) ? IPAddress.Loopback
        : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
        : address;

    private static IEnumerable<(IPAddress Address, int Port)> Announced(TelemtOptions options, IReadOnlyList<ListenerTarget> listeners)
    {
        var settings = options.Root.Get(RootKeys.PublicIp);
        foreach (var listener in listeners)
        {
            if (listener.Table.Get(ListenerKeys.AnnounceIp) is { } announced)
            {
                yield return (announced, listener.Port);
            }

            if (settings.Address is { } own)
            {
                yield return (own, listener.Port);
            }
        }
    }

    private static void Refuse(TelemtOptions options, string problem, ProblemList problems)
        => problems.Error(
            options.Root.OriginOf(RootKeys.MaskHost),
            RootKeys.MaskHost.Path,
            $"{problem}, so that strangers would run in a circle",
            "name another host, or another port of this one in mask_port");
}
