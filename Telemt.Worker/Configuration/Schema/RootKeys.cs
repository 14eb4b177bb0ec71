using System.Collections.Immutable;
using Telemt.Core.Settings;
using static Telemt.Worker.Configuration.Schema.SessionEffect;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>The keys above the first table.</summary>
internal static class RootKeys
{
    public static readonly ConfigurationKey<int> Port = new("port", Readers.Port, 443, New);

    public static readonly ConfigurationKey<PublicAddressSettings> PublicIp =
        new("public_ip", new PublicAddressReader(), new PublicAddressSettings(null, null), None);

    public static readonly ConfigurationKey<ImmutableArray<string?>> ShowLinks = new("show_links", Readers.UserNames, [], None);
    public static readonly ConfigurationKey<string?> TlsDomain = new("tls_domain", Readers.TlsDomain, null, New);

    public static readonly ConfigurationKey<ImmutableArray<string?>> TlsDomains =
        new("tls_domains", new ListReader<string?>(Readers.TlsDomain), [], New);

    public static readonly ConfigurationKey<bool> Mask = new("mask", Readers.Flag, true, New);
    public static readonly ConfigurationKey<string?> MaskHost = new("mask_host", new MaskHostReader(), null, New);
    public static readonly ConfigurationKey<int> MaskPort = new("mask_port", Readers.Port, 443, New);
    public static readonly ConfigurationKey<bool> PreferIpv6 = new("prefer_ipv6", Readers.Flag, false, New);
    public static readonly ConfigurationKey<bool> FastMode = new("fast_mode", Readers.Flag, true, New);

    public static readonly ConfigurationKey<TimeSpan> ClientKeepalive =
        new("client_keepalive", Readers.OptionalDuration, TimeSpan.FromSeconds(60), New);

    public static readonly ConfigurationKey<TimeSpan> ClientAckTimeout =
        new("client_ack_timeout", Readers.OptionalDuration, TimeSpan.FromSeconds(300), New);

    public static readonly ConfigurationKey<string?> AdTag = new("ad_tag", Readers.AdTag, null, New);
    public static readonly ConfigurationKey<bool> Strict = new("strict", Readers.Flag, false, None);

    /// <summary>0 refuses an index that no table knows.</summary>
    public static readonly ConfigurationKey<int> DefaultDc = new("default_dc", new IntegerReader(0, short.MaxValue), 2, New);

    public static readonly ConfigurationKey<string?> State = new("state", Readers.Path, null, None);
}
