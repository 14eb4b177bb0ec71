using System.Collections.Immutable;
using System.Net;
using Telemt.Core.Wire;
using static Telemt.Worker.Configuration.Schema.SessionEffect;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>The keys of a [[policies]] table: what it matches, then what it decides.</summary>
internal static class PolicyKeys
{
    public static readonly ConfigurationKey<ImmutableArray<string?>> Users =
        new("policies.users", Readers.UserNames, [], New);

    public static readonly ConfigurationKey<ImmutableArray<string?>> Sni = new(
        "policies.sni", new ListReader<string?>(new HostNameReader(ClientSecret.MaxDomain, wildcard: true)), [], New);

    public static readonly ConfigurationKey<ImmutableArray<IPNetwork>> Sources =
        new("policies.sources", Readers.Networks, [], New);

    public static readonly ConfigurationKey<ImmutableArray<int>> Dcs = new(
        "policies.dcs", new ListReader<int>(new IntegerReader(short.MinValue, short.MaxValue)), [], New);

    public static readonly ConfigurationKey<bool> Allow = new("policies.allow", Readers.Flag, true, New);

    /// <summary>A group, and behind it one that serves when a DC answers on no path of the first.</summary>
    public static readonly ConfigurationKey<ImmutableArray<string?>> Upstreams =
        new("policies.upstreams", new ListReader<string?>(Readers.Group), [], New);

    public static readonly ConfigurationKey<string?> AdTag = new("policies.ad_tag", Readers.AdTag, null, New);
    public static readonly ConfigurationKey<string?> Mask = new("policies.mask", new MaskTargetReader(), null, New);
    public static readonly ConfigurationKey<long?> Rate = new("policies.rate", Readers.Optional(Readers.Rate), null, New);
}
