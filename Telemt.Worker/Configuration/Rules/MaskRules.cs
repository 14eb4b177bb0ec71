using System.Net;
using Telemt.Core.Settings;
using Telemt.Worker.Configuration.Schema;

namespace Telemt.Worker.Configuration.Rules;

/// <summary>Where everything unauthenticated goes: somewhere, and not back to us. Names are looked at when they are dialled.</summary>
internal static class MaskRules
{
    public static void Check(TelemtOptions options, HostFacts host, ProblemList problems)
    {
        var root = options.Root;
        var general = new MaskSettings(root.Get(RootKeys.Mask), root.Get(RootKeys.MaskHost), root.Get(RootKeys.MaskPort));
        if (general is { Enabled: true, Host: null })
        {
            CheckThereIsOne(options, problems);
        }

        CheckTarget(options, host, general, root, RootKeys.MaskHost, problems);
        foreach (var policy in options.Tables(ConfigurationSchema.Policies))
        {
            if (policy.Get(PolicyKeys.Mask) is { } target and not (MaskTarget.On or MaskTarget.Off))
            {
                CheckTarget(options, host, MaskTarget.Of(target, general), policy, PolicyKeys.Mask, problems);
            }
        }
    }

    private static void CheckTarget(
        TelemtOptions options, HostFacts host, MaskSettings mask, OptionTable table, ConfigurationKey key, ProblemList problems)
    {
        if (!mask.Enabled || mask.Host is not { } target)
        {
            return;
        }

        var circle = target.StartsWith('/') ? UnixCircle(options, target)
            : HostText.TryAddress(target, out var address) ? Circle(options, host, address, mask.Port)
            : null;
        if (circle is not null)
        {
            problems.Error(
                table.OriginOf(key),
                table.PathOf(key),
                $"{circle}, so that strangers would run in a circle",
                key == RootKeys.MaskHost
                    ? "name another host, or another port of this one in mask_port"
                    : "name another host, or another port of this one");
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

    private static string? UnixCircle(TelemtOptions options, string path)
        => ListenerTarget.All(options).Any(listener => listener.Bind?.UnixPath == path) ? $"\"{path}\" is a socket that we listen on" : null;

    private static string? Circle(TelemtOptions options, HostFacts host, IPAddress address, int port)
    {
        var place = HostText.WithPort(address, port);
        var listeners = ListenerTarget.All(options);
        if (IsOwn(address, host) && listeners.Any(listener => listener.Takes(Reached(address), port)))
        {
            return $"{place} is an address of this host and a port that we listen on";
        }

        return Announced(options, listeners).Any(own => own.Address.Equals(address) && own.Port == port)
            ? $"{place} is where our own links lead"
            : null;
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
}
