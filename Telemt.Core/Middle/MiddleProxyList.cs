using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Telemt.Core.Middle;

/// <summary>
/// Where Telegram's middle proxies are (PROTOCOL F.1), by data centre: negative for media, each with one or more addresses.
/// <code>
/// # comment
/// default 2;
/// proxy_for 2 149.154.162.39:80;
/// proxy_for -2 [2001:67c:4e8:f002::d]:80;
/// </code>
/// Immutable.
/// </summary>
internal sealed class MiddleProxyList : IEquatable<MiddleProxyList>
{
    /// <summary>A list is a few kilobytes; nothing larger is one.</summary>
    public const int MaxText = 256 * 1024;

    private const int MaxEntries = 4096;

    public static readonly MiddleProxyList Empty = new(FrozenDictionary<short, ImmutableArray<IPEndPoint>>.Empty, 0);

    private readonly FrozenDictionary<short, ImmutableArray<IPEndPoint>> _clusters;

    private MiddleProxyList(FrozenDictionary<short, ImmutableArray<IPEndPoint>> clusters, short defaultDc)
    {
        _clusters = clusters;
        DefaultDc = defaultDc;
    }

    /// <summary>What an unknown data centre is sent to.</summary>
    public short DefaultDc { get; }

    public bool IsEmpty => _clusters.Count == 0;

    public int Count => _clusters.Values.Sum(addresses => addresses.Length);

    public IEnumerable<short> Dcs => _clusters.Keys;

    /// <summary>Reads a whole list. What is not one in every statement is none: half a list would send clients astray.</summary>
    /// <param name="error">What is wrong, with its line.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out MiddleProxyList? list, [NotNullWhen(false)] out string? error)
    {
        list = null;
        var clusters = new Dictionary<short, List<IPEndPoint>>();
        short defaultDc = 0;
        var entries = 0;
        var statement = "";
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var comment = line.IndexOf('#', StringComparison.Ordinal);
            statement += ' ' + (comment < 0 ? line : line[..comment]);
            for (var end = statement.IndexOf(';', StringComparison.Ordinal); end >= 0; end = statement.IndexOf(';', StringComparison.Ordinal))
            {
                if (!TryTake(statement[..end], clusters, ref defaultDc) || ++entries > MaxEntries)
                {
                    error = $"line {number} is no statement of a list of middle proxies";
                    return false;
                }

                statement = statement[(end + 1)..];
            }

            if (statement.Length > 256)
            {
                error = $"line {number} is no statement of a list of middle proxies";
                return false;
            }
        }

        error = statement.Trim().Length > 0 ? "the last statement has no end: the list is cut off"
            : clusters.Count == 0 ? "it names no middle proxy"
            : null;
        if (error is not null)
        {
            return false;
        }

        list = new MiddleProxyList(clusters.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.Distinct().ToImmutableArray()), defaultDc);
        return true;
    }

    /// <summary>
    /// The addresses for a data centre as a client names it: its own, or those of the default. gram-js writes the index as one signed
    /// byte, so that -2 arrives as 254 (PROTOCOL C.2).
    /// </summary>
    /// <param name="cluster">Whose addresses they are.</param>
    /// <returns>Empty when the list has no default that it knows.</returns>
    public ImmutableArray<IPEndPoint> Find(short dc, out short cluster)
    {
        cluster = dc;
        if (_clusters.TryGetValue(dc, out var addresses))
        {
            return addresses;
        }

        cluster = (short)(dc - 256);
        if (dc is > 250 and < 256 && _clusters.TryGetValue(cluster, out addresses))
        {
            return addresses;
        }

        cluster = DefaultDc;
        return _clusters.TryGetValue(cluster, out addresses) ? addresses : [];
    }

    /// <summary>Both families in one: the addresses of the other list stand behind ours.</summary>
    public MiddleProxyList With(MiddleProxyList other)
    {
        var merged = _clusters.ToDictionary(pair => pair.Key, pair => pair.Value);
        foreach (var (dc, addresses) in other._clusters)
        {
            merged[dc] = merged.TryGetValue(dc, out var own) ? [.. own.Concat(addresses).Distinct()] : addresses;
        }

        return new MiddleProxyList(merged.ToFrozenDictionary(), IsEmpty ? other.DefaultDc : DefaultDc);
    }

    /// <summary>The same addresses for each data centre, in any order.</summary>
    public bool Equals(MiddleProxyList? other) =>
        other is not null
        && DefaultDc == other.DefaultDc
        && _clusters.Count == other._clusters.Count
        && _clusters.All(pair => other._clusters.TryGetValue(pair.Key, out var addresses) && pair.Value.ToHashSet().SetEquals(addresses));

    public override bool Equals(object? obj) => Equals(obj as MiddleProxyList);

    public override int GetHashCode() => HashCode.Combine(DefaultDc, _clusters.Count);

    private static bool TryTake(string statement, Dictionary<short, List<IPEndPoint>> clusters, ref short defaultDc)
    {
        var words = statement.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        switch (words)
        {
            case ["default", var index]:
                return short.TryParse(index, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out defaultDc);
            case ["proxy_for", var index, var address]:
                return short.TryParse(index, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var dc) && TryAdd(clusters, dc, address);
            case ["proxy", var address]:
                return TryAdd(clusters, 0, address);
            case ["min_connections" or "max_connections" or "timeout", var value]:
                // For the official server only.
                return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _);
            default:
                return false;
        }
    }

    private static bool TryAdd(Dictionary<short, List<IPEndPoint>> clusters, short dc, string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0
            || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port == 0
            || !IPAddress.TryParse(text.AsSpan(0, colon), out var address))
        {
            return false;
        }

        if (!clusters.TryGetValue(dc, out var addresses))
        {
            clusters[dc] = addresses = [];
        }

        addresses.Add(new IPEndPoint(address, port));
        return true;
    }
}
