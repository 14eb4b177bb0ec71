using System.Collections.Immutable;
using System.Net;
using Telemt.Core.Settings;
using static Telemt.Worker.Configuration.Schema.SessionEffect;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>The keys of an [[upstreams]] table.</summary>
internal static class UpstreamKeys
{
    public static readonly ConfigurationKey<string?> Name =
        new("upstreams.name", new TextReader("a name", 64), null, Drain);

    public static readonly ConfigurationKey<UpstreamKind> Type = new(
        "upstreams.type",
        new ChoiceReader<UpstreamKind>(
            ("direct", UpstreamKind.Direct), ("socks4", UpstreamKind.Socks4), ("socks5", UpstreamKind.Socks5)),
        UpstreamKind.Direct,
        Drain);

    public static readonly ConfigurationKey<EndPoint?> Address = new("upstreams.address", Readers.EndPoint, null, Drain);

    /// <summary>Several are used in turn.</summary>
    public static readonly ConfigurationKey<ImmutableArray<string?>> Interface =
        new("upstreams.interface", new ListReader<string?>(Readers.Device), [], Drain);

    public static readonly ConfigurationKey<string?> Username =
        new("upstreams.username", new TextReader("at most 255 characters"), null, Drain);

    public static readonly ConfigurationKey<string?> Password =
        new("upstreams.password", new TextReader("at most 255 characters", hidden: true), null, Drain);

    public static readonly ConfigurationKey<string?> UserId =
        new("upstreams.user_id", new TextReader("at most 255 characters"), null, Drain);

    public static readonly ConfigurationKey<int> Weight = new("upstreams.weight", new IntegerReader(0, 1_000_000), 1, New);
    public static readonly ConfigurationKey<bool> Enabled = new("upstreams.enabled", Readers.Flag, true, Drain);
    public static readonly ConfigurationKey<string?> Group = new("upstreams.group", Readers.Group, UpstreamSettings.DefaultGroup, New);

    /// <summary>Whether it reaches IPv6 targets; left out, that is found by trying.</summary>
    public static readonly ConfigurationKey<bool?> Ipv6 =
        new("upstreams.ipv6", Readers.Optional(Readers.Flag), null, New);
}
