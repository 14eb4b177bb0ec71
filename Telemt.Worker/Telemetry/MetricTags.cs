using System.Collections.Frozen;
using System.Net.Sockets;
using Telemt.Core.Routing;

namespace Telemt.Worker.Telemetry;

/// <summary>Attributes as OpenTelemetry writes them. All values come from sets that the settings or we bound, none from a stranger.</summary>
internal static class MetricTags
{
    /// <summary>wrong_secret for WrongSecret.</summary>
    public static KeyValuePair<string, object?> Of<T>(string name, T value)
        where T : struct, Enum
        => new(name, Word(value));

    public static string Word<T>(T value)
        where T : struct, Enum
        => Words<T>.All[value];

    /// <summary>What a client wrote may be anything: 1 to 5 and 203 are, all else is 0. Media count as their DC.</summary>
    public static KeyValuePair<string, object?> Dc(short written) => new("dc", Math.Abs((int)written) is var dc and ((>= 1 and <= 5) or 203) ? dc : 0);

    public static KeyValuePair<string, object?> Upstream(RouteCandidate candidate) => new("upstream", candidate.Upstream.Settings.Name);

    public static KeyValuePair<string, object?> Family(System.Net.EndPoint target) => new(
        "family",
        target.AddressFamily switch { AddressFamily.InterNetwork => "ipv4", AddressFamily.InterNetworkV6 => "ipv6", _ => "name" });

    /// <summary>Made once: six values are recorded for each session.</summary>
    private static class Words<T>
        where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> All = Enum.GetValues<T>().ToFrozenDictionary(value => value, Spell);

        private static string Spell(T value) => string.Concat(
            value.ToString().Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
    }
}
