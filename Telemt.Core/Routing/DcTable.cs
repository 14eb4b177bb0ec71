using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Telemt.Core.Routing;

/// <summary>
/// Where the data centres are: PROTOCOL E's table with the operator's overrides. An index is 1..5, 203 for the CDN, 10001..10003 for the
/// test centres, negative for media; an override of n covers -n unless -n has its own. Immutable.
/// </summary>
internal sealed class DcTable
{
    private const int Port = 443;

    // gram-js writes the index as one signed byte, so that -2 arrives as fe 00 (PROTOCOL C.2).
    private const int ByteWrap = 256;
    private const int LargestWrapped = 5;

    private static readonly FrozenDictionary<int, string[]> BuiltIn = new Dictionary<int, string[]>
    {
        [1] = ["149.154.175.50", "2001:b28:f23d:f001::a"],
        [2] = ["149.154.167.51", "95.161.76.100", "2001:67c:4e8:f002::a"],
        [3] = ["149.154.175.100", "2001:b28:f23d:f003::a"],
        [4] = ["149.154.167.91", "2001:67c:4e8:f004::a"],
        [5] = ["149.154.171.5", "2001:b28:f23f:f005::a"],
        [203] = ["91.105.192.100", "2a0a:f280:203:a:5000::100"],
        [10001] = ["149.154.175.10", "2001:b28:f23d:f001::e"],
        [10002] = ["149.154.167.40", "2001:67c:4e8:f002::e"],
        [10003] = ["149.154.175.117", "2001:b28:f23d:f003::e"],
    }.ToFrozenDictionary();

    private readonly FrozenDictionary<int, DcRoute> _routes;

    /// <param name="overrides">Addresses by index as the operator wrote them; host names stay names, they are resolved at dial time.</param>
    /// <param name="defaultDc">Index for one that no table knows; 0 refuses.</param>
    public DcTable(IReadOnlyDictionary<int, ImmutableArray<EndPoint>> overrides, int defaultDc)
    {
        DefaultDc = defaultDc;
        Overrides = overrides.ToFrozenDictionary();
        var routes = new Dictionary<int, DcRoute>();
        foreach (var (index, addresses) in BuiltIn)
        {
            Add(routes, index, [.. addresses.Select(address => new IPEndPoint(IPAddress.Parse(address), Port))], mirrored: true);
        }

        foreach (var (index, addresses) in overrides.OrderByDescending(pair => pair.Key))
        {
            // Positive ones first, so that a negative one of its own replaces the mirrored.
            Add(routes, index, addresses, mirrored: index > 0);
        }

        _routes = routes.ToFrozenDictionary();
    }

    public int DefaultDc { get; }

    public FrozenDictionary<int, ImmutableArray<EndPoint>> Overrides { get; }

    /// <summary>The ways to the centre that a client asked for; null only when no table knows it and the default is 0.</summary>
    public DcRoute? Find(short index)
    {
        if (_routes.TryGetValue(index, out var route))
        {
            return route;
        }

        if (index is >= ByteWrap - LargestWrapped and < ByteWrap && _routes.TryGetValue(index - ByteWrap, out route))
        {
            return route;
        }

        return DefaultDc == 0 ? null : _routes.GetValueOrDefault(DefaultDc);
    }

    /// <summary>Every route once: media that share their DC's addresses are left out.</summary>
    public IEnumerable<DcRoute> Routes => _routes.Values
        .Where(route => route.Index > 0 || !_routes.TryGetValue(-route.Index, out var dc) || !dc.Ipv4First.AsSpan().SequenceEqual(route.Ipv4First.AsSpan()))
        .OrderBy(route => Math.Abs((int)route.Index))
        .ThenByDescending(route => route.Index);

    public bool Knows(int index) => _routes.ContainsKey(index);

    private static void Add(Dictionary<int, DcRoute> routes, int index, ImmutableArray<EndPoint> addresses, bool mirrored)
    {
        var ipv6 = addresses.Where(IsIpv6).ToImmutableArray();
        var others = addresses.Where(address => !IsIpv6(address)).ToImmutableArray();
        var route = new DcRoute((short)index, [.. others, .. ipv6], [.. ipv6, .. others]);
        routes[index] = route;
        if (mirrored)
        {
            routes[-index] = route with { Index = (short)-index };
        }
    }

    private static bool IsIpv6(EndPoint address) => address.AddressFamily == AddressFamily.InterNetworkV6;
}
