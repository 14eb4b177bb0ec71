using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Telemt.Core.Middle;

namespace Telemt.Worker.Middle;

/// <summary>What is known of the middle proxies: the shared secret and the lists of both families. Immutable.</summary>
/// <param name="Secret">Null until one was found.</param>
/// <param name="List">Empty until one was found; both families.</param>
/// <param name="IsLoading">The first look for them is not over: who can wait may.</param>
internal sealed record MiddleRoutes(MiddleSecret? Secret, MiddleProxyList List, bool IsLoading)
{
    public static readonly MiddleRoutes Loading = new(null, MiddleProxyList.Empty, IsLoading: true);

    /// <summary>What is missing, for the log; null when nothing is.</summary>
    public string? Missing => Secret is null ? "the proxy secret is not known" : List.IsEmpty ? "the list of middle proxies is not known" : null;

    /// <summary>The addresses for a data centre, those of the preferred family first.</summary>
    /// <param name="cluster">Whose they are: the list's default for a data centre that it does not know.</param>
    public ImmutableArray<IPEndPoint> Find(short dc, bool preferIpv6, out short cluster)
    {
        var addresses = List.Find(dc, out cluster);
        return [.. addresses.OrderBy(address => address.AddressFamily == AddressFamily.InterNetworkV6 == preferIpv6 ? 0 : 1)];
    }
}
