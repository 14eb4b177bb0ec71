using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using System.Numerics;
using Telemt.Core.Policy;
using Telemt.Core.Routing;
using Telemt.Core.Settings;
using Telemt.Core.Users;
using Telemt.Worker.Configuration.Rules;
using Telemt.Worker.Configuration.Schema;

namespace Telemt.Worker.Configuration;

/// <summary>Compiles options that the validator has passed into settings.</summary>
internal static class SettingsFactory
{
    /// <param name="previous">The settings in force, to go on counting revisions and to keep a user directory that did not change.</param>
    public static ProxySettings Create(TelemtOptions options, HostFacts host, ProxySettings? previous = null)
    {
        var root = options.Root;
        var domains = DomainRules.All(options).Select(domain => domain.Name).Distinct(StringComparer.Ordinal).ToImmutableArray();
        var mask = Mask(root, domains);
        return new ProxySettings
        {
            Revision = (previous?.Revision ?? 0) + 1,
            Port = root.Get(RootKeys.Port),
            PublicAddress = root.Get(RootKeys.PublicIp),
            ShowLinks = [.. root.Get(RootKeys.ShowLinks).OfType<string>()],
            TlsDomains = domains,
            Modes = Modes(options),
            Users = Users(options, previous),
            Listeners = Listeners(options),
            Upstreams = Upstreams(options),
            Mask = mask,
            Policies = new PolicyTable(Policies(options, mask), mask, root.Get(RootKeys.AdTag)),
            PreferIpv6 = root.Get(RootKeys.PreferIpv6),
            FastMode = root.Get(RootKeys.FastMode),
            ClientKeepalive = root.Get(RootKeys.ClientKeepalive),
            ClientAckTimeout = root.Get(RootKeys.ClientAckTimeout),
            Dcs = Dcs(options),
            Timeouts = Timeouts(options),
            Health = Health(options),
            Limits = Limits(options),
            Replay = Replay(options),
            MiddleProxy = MiddleProxy(options),
            Fronting = Fronting(options),
            Control = Control(options),
            Telemetry = Telemetry(options),
            Logging = Logging(options),
            State = root.Get(RootKeys.State) ?? host.StateDirectory,
        };
    }

    private static ModeSettings Modes(TelemtOptions options)
    {
        var modes = options.Table(ConfigurationSchema.Modes);
        return new ModeSettings(modes.Get(ServiceKeys.Classic), modes.Get(ServiceKeys.Secure), modes.Get(ServiceKeys.Tls));
    }

    /// <summary>Preparing thousands of users for authentication costs more than all the rest, and most edits do not touch them.</summary>
    private static UserDirectory Users(TelemtOptions options, ProxySettings? previous)
    {
        var defaults = options.Table(ConfigurationSchema.Defaults);
        var users = options.Users.Select(user => User(user, defaults)).ToImmutableArray();
        return previous is not null && previous.Users.Users.AsSpan().SequenceEqual(users.AsSpan()) ? previous.Users : new UserDirectory(users);
    }

    private static UserSettings User(UserOptions user, OptionTable defaults)
    {
        var (own, all) = (UserKeys.Own, UserKeys.Defaults);
        return new UserSettings
        {
            Name = user.Name,
            Secret = user.Table.Get(own.Secret)!,
            Enabled = user.Table.Get(own.Enabled, defaults, all.Enabled),
            Expires = user.Table.Get(own.Expires, defaults, all.Expires),
            AdTag = user.Table.Get(own.AdTag, defaults, all.AdTag),
            MaxConnections = Limit(user.Table.Get(own.MaxConnections, defaults, all.MaxConnections)),
            MaxIps = Limit(user.Table.Get(own.MaxIps, defaults, all.MaxIps)),
            IpWindow = user.Table.Get(own.IpWindow, defaults, all.IpWindow),
            Quota = Limit(user.Table.Get(own.Quota, defaults, all.Quota)),
            QuotaPeriod = user.Table.Get(own.QuotaPeriod, defaults, all.QuotaPeriod),
            Rate = Limit(user.Table.Get(own.Rate, defaults, all.Rate)),
            Upstreams = user.Table.Get(own.Upstreams, defaults, all.Upstreams),
        };
    }

    /// <summary>0 is no limit, so that a user can do without the one of [defaults].</summary>
    private static T? Limit<T>(T? value)
        where T : struct, INumber<T>
        => value is { } limit && T.IsZero(limit) ? null : value;

    private static ImmutableArray<ListenerSettings> Listeners(TelemtOptions options)
        => [.. ListenerTarget.All(options).Select(target => new ListenerSettings
        {
            Address = target.Bind!.Address,
            UnixPath = target.Bind.UnixPath,
            Port = target.Port,
            Interface = target.Device,
            AnnounceIp = target.Table.Get(ListenerKeys.AnnounceIp),
            Announce = target.Table.Get(ListenerKeys.Announce),
            ProxyProtocol = target.Table.Get(ListenerKeys.ProxyProtocol),
            Trusted = new NetworkSet(target.Table.Get(ListenerKeys.Trusted)),
            IsDefault = options.Tables(ConfigurationSchema.Listeners).IsEmpty,
        })];

    private static ImmutableArray<UpstreamSettings> Upstreams(TelemtOptions options)
    {
        var tables = options.Tables(ConfigurationSchema.Upstreams);
        return tables.IsEmpty
            ? [new UpstreamSettings { Name = "direct", Kind = UpstreamKind.Direct }]
            : [.. tables.Select(Upstream)];
    }

    private static UpstreamSettings Upstream(OptionTable table, int index)
    {
        var kind = table.Get(UpstreamKeys.Type);
        return new UpstreamSettings
        {
            Name = table.Get(UpstreamKeys.Name) ?? $"{kind.ToString().ToLowerInvariant()}-{index + 1}",
            Kind = kind,
            Server = table.Get(UpstreamKeys.Address),
            Bindings = [.. table.Get(UpstreamKeys.Interface).OfType<string>().Select(Binding)],
            Username = table.Get(UpstreamKeys.Username),
            Password = table.Get(UpstreamKeys.Password),
            UserId = table.Get(UpstreamKeys.UserId),
            Weight = table.Get(UpstreamKeys.Weight),
            Enabled = table.Get(UpstreamKeys.Enabled),
            Group = table.Get(UpstreamKeys.Group) ?? UpstreamSettings.DefaultGroup,
            Ipv6 = table.Get(UpstreamKeys.Ipv6),
        };
    }

    private static LocalBinding Binding(string text)
        => HostText.TryAddress(text, out var address) ? new LocalBinding(address, null) : new LocalBinding(null, text);

    private static MaskSettings Mask(OptionTable root, ImmutableArray<string> domains)
    {
        var host = root.Get(RootKeys.MaskHost);
        var hasSite = host is not null || !domains.IsEmpty;
        return new MaskSettings(root.Get(RootKeys.Mask) && hasSite, host, root.Get(RootKeys.MaskPort));
    }

    private static ImmutableArray<PolicySettings> Policies(TelemtOptions options, MaskSettings mask)
        => [.. options.Tables(ConfigurationSchema.Policies).Select(table => new PolicySettings
        {
            Users = [.. table.Get(PolicyKeys.Users).OfType<string>()],
            Sni = [.. table.Get(PolicyKeys.Sni).OfType<string>()],
            Sources = table.Get(PolicyKeys.Sources),
            Dcs = table.Get(PolicyKeys.Dcs),
            Allow = table.Get(PolicyKeys.Allow),
            UpstreamGroup = table.Get(PolicyKeys.Upstreams).ElementAtOrDefault(0),
            FallbackGroup = table.Get(PolicyKeys.Upstreams).ElementAtOrDefault(1),
            AdTag = table.Get(PolicyKeys.AdTag),
            Mask = table.Get(PolicyKeys.Mask) is { } target ? MaskTarget.Of(target, mask) : null,
            Rate = Limit(table.Get(PolicyKeys.Rate)),
        })];

    private static DcTable Dcs(TelemtOptions options)
        => new(
            options.DcOverrides.ToFrozenDictionary(dc => dc.Dc, dc => dc.EndPoints.CastArray<EndPoint>()),
            options.Root.Get(RootKeys.DefaultDc));

    private static TimeoutSettings Timeouts(TelemtOptions options)
    {
        var table = options.Table(ConfigurationSchema.Timeouts);
        return new TimeoutSettings
        {
            FirstByte = table.Get(TimeoutKeys.FirstByte),
            Handshake = table.Get(TimeoutKeys.Handshake),
            Connect = table.Get(TimeoutKeys.Connect),
            ConnectStagger = table.Get(TimeoutKeys.ConnectStagger),
            FirstAnswer = table.Get(TimeoutKeys.FirstAnswer),
            Idle = table.Get(TimeoutKeys.Idle),
            HalfOpen = table.Get(TimeoutKeys.HalfOpen),
            MaskConnect = table.Get(TimeoutKeys.MaskConnect),
            MaskIdle = table.Get(TimeoutKeys.MaskIdle),
            MaskTotal = table.Get(TimeoutKeys.MaskTotal),
            Drain = table.Get(TimeoutKeys.Drain),
        };
    }

    private static HealthSettings Health(TelemtOptions options)
    {
        var table = options.Table(ConfigurationSchema.Health);
        return new HealthSettings
        {
            Interval = table.Get(ServiceKeys.HealthInterval),
            Timeout = table.Get(ServiceKeys.HealthTimeout),
            Threshold = table.Get(ServiceKeys.HealthThreshold),
            Recover = table.Get(ServiceKeys.HealthRecover),
        };
    }

    private static LimitSettings Limits(TelemtOptions options)
    {
        var table = options.Table(ConfigurationSchema.Limits);
        return new LimitSettings
        {
            MaxConnections = table.Get(LimitKeys.MaxConnections),
            MaxHandshakes = table.Get(LimitKeys.MaxHandshakes),
            MaxPerIp = table.Get(LimitKeys.MaxPerIp),
            MaxHandshakesPerIp = table.Get(LimitKeys.MaxHandshakesPerIp),
            MaxMask = table.Get(LimitKeys.MaxMask),
            Rate = Limit(table.Get(LimitKeys.Rate)),
            Memory = table.Get(LimitKeys.Memory),
        };
    }

    private static ReplaySettings Replay(TelemtOptions options)
    {
        var table = options.Table(ConfigurationSchema.Replay);
        return new ReplaySettings
        {
            Capacity = table.Get(ServiceKeys.ReplayCapacity),
            TimeSkew = table.Get(ServiceKeys.TimeSkew),
            IgnoreTimeSkew = table.Get(ServiceKeys.IgnoreTimeSkew),
        };
    }

    private static FrontingSettings Fronting(TelemtOptions options)
    {
        var table = options.Table(ConfigurationSchema.Fronting);
        return new FrontingSettings
        {
            FollowsMask = table.Get(ServiceKeys.FrontingProfile) == ServiceKeys.FrontingProfile.Default,
            Refresh = table.Get(ServiceKeys.FrontingRefresh),
            KeyShare = table.Get(ServiceKeys.KeyShare),
            UnknownSni = table.Get(ServiceKeys.UnknownSni),
            ProxyProtocol = table.Get(ServiceKeys.FrontingProxyProtocol),
            RecordSizing = table.Get(ServiceKeys.RecordSizing),
        };
    }

    private static MiddleProxySettings MiddleProxy(TelemtOptions options)
    {
        var table = options.Table(ConfigurationSchema.MiddleProxy);
        return new MiddleProxySettings
        {
            Enabled = table.Get(MiddleProxyKeys.Enabled) ?? HasAdTag(options),
            SecretFile = table.Get(MiddleProxyKeys.SecretFile),
            ConfigFile = table.Get(MiddleProxyKeys.ConfigFile),
            SecretUrl = table.Get(MiddleProxyKeys.SecretUrl),
            ConfigUrl = table.Get(MiddleProxyKeys.ConfigUrl),
            ConfigUrlV6 = table.Get(MiddleProxyKeys.ConfigUrlV6),
            Refresh = table.Get(MiddleProxyKeys.Refresh),
            ClientQueue = table.Get(MiddleProxyKeys.ClientQueue),
            FallbackDirect = table.Get(MiddleProxyKeys.FallbackDirect),
        };
    }

    private static bool HasAdTag(TelemtOptions options)
        => options.Root.Get(RootKeys.AdTag) is not null
            || options.Table(ConfigurationSchema.Defaults).Get(UserKeys.Defaults.AdTag) is not null
            || options.Users.Any(user => user.Table.Get(UserKeys.Own.AdTag) is not null)
            || options.Tables(ConfigurationSchema.Policies).Any(policy => policy.Get(PolicyKeys.AdTag) is not null);

    private static ControlSettings Control(TelemtOptions options)
    {
        var table = options.Table(ConfigurationSchema.Control);
        return new ControlSettings
        {
            Enabled = table.Get(ControlKeys.Enabled),
            Listen = ControlRules.Address(table) ?? (IPEndPoint)ControlKeys.Listen.Default!,
            Token = table.Get(ControlKeys.Token),
            Allow = table.Get(ControlKeys.Allow),
            ReadOnly = table.Get(ControlKeys.ReadOnly),
            Certificate = table.Get(ControlKeys.Certificate),
        };
    }

    private static TelemetrySettings Telemetry(TelemtOptions options)
    {
        var table = options.Table(ConfigurationSchema.Telemetry);
        return new TelemetrySettings
        {
            Endpoint = table.Get(TelemetryKeys.Endpoint),
            IsGrpc = table.Get(TelemetryKeys.Protocol) == TelemetryKeys.Grpc,
            Headers = string.Join(',', table.Get(TelemetryKeys.Headers).Select(header => $"{header.Key}={Uri.EscapeDataString(header.Value ?? "")}")),
            Interval = table.Get(TelemetryKeys.Interval),
            Traces = table.Get(TelemetryKeys.Traces),
            Sample = table.Get(TelemetryKeys.Sample),
            Service = table.Get(TelemetryKeys.Service) ?? TelemetrySettings.DefaultService,
            UserLabels = table.Get(TelemetryKeys.UserLabels),
        };
    }

    private static LoggingSettings Logging(TelemtOptions options)
    {
        var table = options.Table(ConfigurationSchema.Logging);
        return new LoggingSettings
        {
            Level = table.Get(LoggingKeys.Level),
            Levels = table.Get(LoggingKeys.Levels),
            Format = table.Get(LoggingKeys.Format),
            ClientIps = table.Get(LoggingKeys.ClientIps),
        };
    }
}
