using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>
/// Every key of telemt.toml. Whoever adds a key adds it here, to the sample telemt.toml and to the README: a test compares the three.
/// </summary>
internal static class ConfigurationSchema
{
    public static readonly ConfigurationSection Root = new(
        "",
        SectionShape.Table,
        RootKeys.Port,
        RootKeys.PublicIp,
        RootKeys.ShowLinks,
        RootKeys.TlsDomain,
        RootKeys.TlsDomains,
        RootKeys.Mask,
        RootKeys.MaskHost,
        RootKeys.MaskPort,
        RootKeys.PreferIpv6,
        RootKeys.FastMode,
        RootKeys.ClientKeepalive,
        RootKeys.ClientAckTimeout,
        RootKeys.AdTag,
        RootKeys.Strict,
        RootKeys.DefaultDc,
        RootKeys.State);

    public static readonly ConfigurationSection Modes =
        new("modes", SectionShape.Table, ServiceKeys.Classic, ServiceKeys.Secure, ServiceKeys.Tls);

    public static readonly ConfigurationSection Users = new("users", SectionShape.Named, [UserKeys.Own.Secret, .. UserKeys.Own.Common]);

    public static readonly ConfigurationSection Listeners = new(
        "listeners",
        SectionShape.List,
        ListenerKeys.Ip,
        ListenerKeys.Port,
        ListenerKeys.Interface,
        ListenerKeys.AnnounceIp,
        ListenerKeys.Announce,
        ListenerKeys.ProxyProtocol,
        ListenerKeys.Trusted);

    public static readonly ConfigurationSection Upstreams = new(
        "upstreams",
        SectionShape.List,
        UpstreamKeys.Name,
        UpstreamKeys.Type,
        UpstreamKeys.Address,
        UpstreamKeys.Interface,
        UpstreamKeys.Username,
        UpstreamKeys.Password,
        UpstreamKeys.UserId,
        UpstreamKeys.Weight,
        UpstreamKeys.Enabled,
        UpstreamKeys.Group,
        UpstreamKeys.Ipv6);

    public static readonly ConfigurationSection DcOverrides = new("dc_overrides", SectionShape.Named, ServiceKeys.DcOverride);

    public static readonly ConfigurationSection Policies = new(
        "policies",
        SectionShape.List,
        PolicyKeys.Users,
        PolicyKeys.Sni,
        PolicyKeys.Sources,
        PolicyKeys.Dcs,
        PolicyKeys.Allow,
        PolicyKeys.Upstreams,
        PolicyKeys.AdTag,
        PolicyKeys.Mask,
        PolicyKeys.Rate);

    public static readonly ConfigurationSection Timeouts = new(
        "timeouts",
        SectionShape.Table,
        TimeoutKeys.FirstByte,
        TimeoutKeys.Handshake,
        TimeoutKeys.Connect,
        TimeoutKeys.ConnectStagger,
        TimeoutKeys.FirstAnswer,
        TimeoutKeys.Idle,
        TimeoutKeys.HalfOpen,
        TimeoutKeys.MaskConnect,
        TimeoutKeys.MaskIdle,
        TimeoutKeys.MaskTotal,
        TimeoutKeys.Drain);

    public static readonly ConfigurationSection Limits = new(
        "limits",
        SectionShape.Table,
        LimitKeys.MaxConnections,
        LimitKeys.MaxHandshakes,
        LimitKeys.MaxPerIp,
        LimitKeys.MaxHandshakesPerIp,
        LimitKeys.MaxMask,
        LimitKeys.Rate,
        LimitKeys.Memory);

    public static readonly ConfigurationSection Defaults = new("defaults", SectionShape.Table, UserKeys.Defaults.Common);

    public static readonly ConfigurationSection Replay =
        new("replay", SectionShape.Table, ServiceKeys.ReplayCapacity, ServiceKeys.TimeSkew, ServiceKeys.IgnoreTimeSkew);

    public static readonly ConfigurationSection Fronting = new(
        "fronting",
        SectionShape.Table,
        ServiceKeys.FrontingProfile,
        ServiceKeys.FrontingRefresh,
        ServiceKeys.KeyShare,
        ServiceKeys.UnknownSni,
        ServiceKeys.RecordSizing,
        ServiceKeys.FrontingProxyProtocol);

    public static readonly ConfigurationSection MiddleProxy = new(
        "middle_proxy",
        SectionShape.Table,
        MiddleProxyKeys.Enabled,
        MiddleProxyKeys.SecretFile,
        MiddleProxyKeys.SecretUrl,
        MiddleProxyKeys.ConfigFile,
        MiddleProxyKeys.ConfigUrl,
        MiddleProxyKeys.ConfigUrlV6,
        MiddleProxyKeys.Refresh,
        MiddleProxyKeys.ClientQueue,
        MiddleProxyKeys.FallbackDirect);

    public static readonly ConfigurationSection Health = new(
        "health",
        SectionShape.Table,
        ServiceKeys.HealthInterval,
        ServiceKeys.HealthTimeout,
        ServiceKeys.HealthThreshold,
        ServiceKeys.HealthRecover);

    public static readonly ConfigurationSection Control = new(
        "control",
        SectionShape.Table,
        ControlKeys.Enabled,
        ControlKeys.Listen,
        ControlKeys.Token,
        ControlKeys.Allow,
        ControlKeys.ReadOnly,
        ControlKeys.Certificate);

    public static readonly ConfigurationSection Telemetry = new(
        "telemetry",
        SectionShape.Table,
        TelemetryKeys.Endpoint,
        TelemetryKeys.Protocol,
        TelemetryKeys.Headers,
        TelemetryKeys.Interval,
        TelemetryKeys.Traces,
        TelemetryKeys.Sample,
        TelemetryKeys.Service,
        TelemetryKeys.UserLabels);

    public static readonly ConfigurationSection Logging =
        new("logging", SectionShape.Table, LoggingKeys.Level, LoggingKeys.Levels, LoggingKeys.Format, LoggingKeys.ClientIps);

    /// <summary>All but the root, as they stand in the sample file.</summary>
    public static readonly ImmutableArray<ConfigurationSection> Sections =
    [
        Modes, Users, Listeners, Upstreams, DcOverrides, Policies, Timeouts, Limits, Defaults,
        Replay, Fronting, MiddleProxy, Health, Control, Telemetry, Logging,
    ];

    /// <summary>Other names of root keys, as published files have them.</summary>
    public static readonly FrozenDictionary<string, string> Aliases =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["show_link"] = "show_links" }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, ConfigurationSection> SectionsByName =
        Sections.ToFrozenDictionary(section => section.Name, StringComparer.Ordinal);

    public static IEnumerable<ConfigurationKey> AllKeys => Root.Keys.Concat(Sections.SelectMany(section => section.Keys));

    public static ConfigurationSection? FindSection(string name) => SectionsByName.GetValueOrDefault(name);

    /// <summary>True for what may stand above the first table: keys of the root, their other names, and sections.</summary>
    public static bool IsRootName(string name)
        => Root.Find(name) is not null || SectionsByName.ContainsKey(name) || Aliases.ContainsKey(name);
}
