using System.Net;
using Telemt.Core;
using Telemt.Core.Policy;
using Telemt.Core.Settings;
using Telemt.Core.Wire;
using Telemt.Worker.Configuration.Schema;

namespace Telemt.Tests.Worker.Configuration;

/// <summary>An edit of one key, and what of the settings it changes; nothing to see for a key that is not in use yet.</summary>
/// <param name="Path">As the schema has it.</param>
/// <param name="Text">Is added to the least valid file; a line of the same key there gives way.</param>
internal sealed record KeyEdit(string Path, string Text, Func<ProxySettings, object?>? Effect = null, object? Expected = null)
{
    private const string Other = "fedcba9876543210fedcba9876543210";
    private const string Tag = "0123456789abcdef0123456789abcdef";

    /// <summary>A row for each key of the schema.</summary>
    public static IReadOnlyList<KeyEdit> All { get; } =
    [
        new("port", "port = 8443", settings => settings.Listeners[0].Port, 8443),
        new("public_ip", "public_ip = \"192.0.2.9\"", settings => settings.PublicAddress.Address?.ToString(), "192.0.2.9"),
        new("show_links", "show_links = \"*\"", settings => settings.ShowLinks.Single(), "*"),
        new("tls_domain", "tls_domain = \"b.example.com\"", settings => settings.TlsDomains.Single(), "b.example.com"),
        new("tls_domains", "tls_domains = [\"b.example.com\"]", settings => settings.TlsDomains.Last(), "b.example.com"),
        new("mask", "mask = false", settings => settings.Mask.Enabled, false),
        new("mask_host", "mask_host = \"b.example.com\"", settings => settings.Mask.Host, "b.example.com"),
        new("mask_port", "mask_port = 8443", settings => settings.Mask.Port, 8443),
        new("prefer_ipv6", "prefer_ipv6 = true", settings => settings.PreferIpv6, true),
        new("fast_mode", "fast_mode = false", settings => settings.FastMode, false),
        new("client_keepalive", "client_keepalive = 7", settings => settings.ClientKeepalive, TimeSpan.FromSeconds(7)),
        new("client_ack_timeout", "client_ack_timeout = \"7s\"", settings => settings.ClientAckTimeout, TimeSpan.FromSeconds(7)),
        new("ad_tag", $"ad_tag = \"{Tag}\"", settings => settings.Policies.Decide(new(), 2).AdTag, Tag),
        new("strict", "strict = true"),
        new("default_dc", "default_dc = 4", settings => settings.Dcs.DefaultDc, 4),
        new("state", "state = \"/srv/telemt\"", settings => settings.State, "/srv/telemt"),

        new("modes.classic", "[modes]\nclassic = true", settings => settings.Modes, new ModeSettings(true, false, true)),
        new("modes.secure", "[modes]\nsecure = true", settings => settings.Modes, new ModeSettings(false, true, true)),
        new("modes.tls", "[modes]\nsecure = true\ntls = false", settings => settings.Modes, new ModeSettings(false, true, false)),

        new("users.*.secret", $"[users.bob]\nsecret = \"{Other}\"", settings => Bob(settings).Secret, new Secret(Convert.FromHexString(Other))),
        new("users.*.enabled", User("enabled = false"), settings => Bob(settings).Enabled, false),
        new("users.*.expires", User("expires = 2036-01-01T00:00:00Z"), settings => Bob(settings).Expires?.Year, 2036),
        new("users.*.ad_tag", User($"ad_tag = \"{Tag}\""), settings => Bob(settings).AdTag, Tag),
        new("users.*.max_connections", User("max_connections = 5"), settings => Bob(settings).MaxConnections, 5),
        new("users.*.max_ips", User("max_ips = 5"), settings => Bob(settings).MaxIps, 5),
        new("users.*.ip_window", User("ip_window = \"5m\""), settings => Bob(settings).IpWindow, TimeSpan.FromMinutes(5)),
        new("users.*.quota", User("quota = \"5GB\""), settings => Bob(settings).Quota, 5_000_000_000L),
        new("users.*.quota_period", User("quota_period = \"day\""), settings => Bob(settings).QuotaPeriod, QuotaPeriod.Day),
        new("users.*.rate", User("rate = \"5MB/s\""), settings => Bob(settings).Rate, 5_000_000L),
        new("users.*.upstreams", User("upstreams = \"default\""), settings => Bob(settings).Upstreams, "default"),

        new("listeners.ip", Listener(""), settings => settings.Listeners.Single().Address, IPAddress.Parse("192.0.2.7")),
        new("listeners.port", Listener("port = 8443"), settings => settings.Listeners.Single().Port, 8443),
        new("listeners.interface", Listener("interface = \"eth0\""), settings => settings.Listeners.Single().Interface, "eth0"),
        new("listeners.announce_ip", Listener("announce_ip = \"192.0.2.8\""), settings => settings.Listeners.Single().AnnounceIp?.ToString(), "192.0.2.8"),
        new("listeners.announce", Listener("announce = \"b.example.com\""), settings => settings.Listeners.Single().Announce, "b.example.com"),
        new(
            "listeners.proxy_protocol",
            Listener("proxy_protocol = true\ntrusted = [\"10.0.0.0/8\"]"),
            settings => settings.Listeners[0].ProxyProtocol,
            true),
        new(
            "listeners.trusted",
            Listener("proxy_protocol = true\ntrusted = [\"10.0.0.0/8\"]"),
            settings => settings.Listeners[0].Trusts(new ClientAddress(IPEndPoint.Parse("10.1.2.3:4"))),
            true),

        new("upstreams.name", Upstream("name = \"a\""), settings => settings.Upstreams.Single().Name, "a"),
        new("upstreams.type", Upstream("type = \"socks5\"\naddress = \"192.0.2.8:1080\""), settings => settings.Upstreams.Single().Kind, UpstreamKind.Socks5),
        new("upstreams.address", Upstream("type = \"socks5\"\naddress = \"192.0.2.8:1080\""), settings => settings.Upstreams.Single().Address, "192.0.2.8:1080"),
        new("upstreams.interface", Upstream("interface = [\"eth0\", \"192.0.2.8\"]"), settings => string.Join(' ', settings.Upstreams.Single().Bindings), "eth0 192.0.2.8"),
        new("upstreams.username", Upstream("type = \"socks5\"\naddress = \"192.0.2.8:1080\"\nusername = \"u\"\npassword = \"p\""), settings => settings.Upstreams.Single().Username, "u"),
        new("upstreams.password", Upstream("type = \"socks5\"\naddress = \"192.0.2.8:1080\"\nusername = \"u\"\npassword = \"p\""), settings => settings.Upstreams.Single().Password, "p"),
        new("upstreams.user_id", Upstream("type = \"socks4\"\naddress = \"192.0.2.8:1080\"\nuser_id = \"u\""), settings => settings.Upstreams.Single().UserId, "u"),
        new("upstreams.weight", Upstream("weight = 3"), settings => settings.Upstreams.Single().Weight, 3),
        new("upstreams.enabled", Upstream("name = \"on\"\n[[upstreams]]\nenabled = false"), settings => settings.Upstreams.Last().Enabled, false),
        new("upstreams.group", Upstream("group = \"g\""), settings => settings.Upstreams.Single().Group, "g"),
        new("upstreams.ipv6", Upstream("ipv6 = true"), settings => settings.Upstreams.Single().Ipv6, true),

        new("dc_overrides.*", "[dc_overrides]\n2 = \"192.0.2.8:443\"", settings => settings.Dcs.Overrides[2].Single().ToString(), "192.0.2.8:443"),

        new("policies.users", "[[policies]]\nusers = [\"alice\"]", settings => Decided(settings).Policy, 1),
        new("policies.sni", "[[policies]]\nsni = [\"*.example.com\"]", settings => Decided(settings).Policy, 1),
        new("policies.sources", "[[policies]]\nsources = [\"10.0.0.0/8\"]", settings => Decided(settings).Policy, 1),
        new("policies.dcs", "[[policies]]\ndcs = [2]", settings => Decided(settings).Policy, 1),
        new("policies.allow", "[[policies]]\nallow = false", settings => Decided(settings).Allow, false),
        new("policies.upstreams", "[[policies]]\nupstreams = [\"default\", \"default\"]", settings => Decided(settings).FallbackGroup, "default"),
        new("policies.ad_tag", $"[[policies]]\nad_tag = \"{Tag}\"", settings => settings.Policies.Decide(new(), 2).AdTag, Tag),
        new("policies.mask", "[[policies]]\nmask = false", settings => Decided(settings).Mask.Enabled, false),
        new("policies.rate", "[[policies]]\nrate = \"1MB/s\"", settings => Decided(settings).Rate, 1_000_000L),

        new("timeouts.first_byte", "[timeouts]\nfirst_byte = 7", settings => settings.Timeouts.FirstByte, TimeSpan.FromSeconds(7)),
        new("timeouts.handshake", "[timeouts]\nhandshake = 7", settings => settings.Timeouts.Handshake, TimeSpan.FromSeconds(7)),
        new("timeouts.connect", "[timeouts]\nconnect = 7", settings => settings.Timeouts.Connect, TimeSpan.FromSeconds(7)),
        new("timeouts.connect_stagger", "[timeouts]\nconnect_stagger = 7", settings => settings.Timeouts.ConnectStagger, TimeSpan.FromSeconds(7)),
        new("timeouts.first_answer", "[timeouts]\nfirst_answer = 7", settings => settings.Timeouts.FirstAnswer, TimeSpan.FromSeconds(7)),
        new("timeouts.idle", "[timeouts]\nidle = 7", settings => settings.Timeouts.Idle, TimeSpan.FromSeconds(7)),
        new("timeouts.half_open", "[timeouts]\nhalf_open = 7", settings => settings.Timeouts.HalfOpen, TimeSpan.FromSeconds(7)),
        new("timeouts.mask_connect", "[timeouts]\nmask_connect = 7", settings => settings.Timeouts.MaskConnect, TimeSpan.FromSeconds(7)),
        new("timeouts.mask_idle", "[timeouts]\nmask_idle = 7", settings => settings.Timeouts.MaskIdle, TimeSpan.FromSeconds(7)),
        new("timeouts.mask_total", "[timeouts]\nmask_total = 7", settings => settings.Timeouts.MaskTotal, TimeSpan.FromSeconds(7)),
        new("timeouts.drain", "[timeouts]\ndrain = 0", settings => settings.Timeouts.Drain, TimeSpan.Zero),

        new("limits.max_connections", "[limits]\nmax_connections = 7", settings => settings.Limits.MaxConnections, 7),
        new("limits.max_handshakes", "[limits]\nmax_handshakes = 7", settings => settings.Limits.MaxHandshakes, 7),
        new("limits.max_per_ip", "[limits]\nmax_per_ip = 7", settings => settings.Limits.MaxPerIp, 7),
        new("limits.max_handshakes_per_ip", "[limits]\nmax_handshakes_per_ip = 7", settings => settings.Limits.MaxHandshakesPerIp, 7),
        new("limits.max_mask", "[limits]\nmax_mask = 7", settings => settings.Limits.MaxMask, 7),
        new("limits.rate", "[limits]\nrate = \"7MB/s\"", settings => settings.Limits.Rate, 7_000_000L),
        new("limits.memory", "[limits]\nmemory = \"7MiB\"", settings => settings.Limits.Memory, 7L << 20),

        new("defaults.enabled", "[defaults]\nenabled = false", settings => settings.Users.Users[0].Enabled, false),
        new("defaults.expires", "[defaults]\nexpires = 2036-01-01T00:00:00Z", settings => settings.Users.Users[0].Expires?.Year, 2036),
        new("defaults.ad_tag", $"[defaults]\nad_tag = \"{Tag}\"", settings => settings.Users.Users[0].AdTag, Tag),
        new("defaults.max_connections", "[defaults]\nmax_connections = 7", settings => settings.Users.Users[0].MaxConnections, 7),
        new("defaults.max_ips", "[defaults]\nmax_ips = 7", settings => settings.Users.Users[0].MaxIps, 7),
        new("defaults.ip_window", "[defaults]\nip_window = 7", settings => settings.Users.Users[0].IpWindow, TimeSpan.FromSeconds(7)),
        new("defaults.quota", "[defaults]\nquota = 7", settings => settings.Users.Users[0].Quota, 7L),
        new(
            "defaults.quota_period",
            "[defaults]\nquota_period = \"total\"",
            settings => settings.Users.Users[0].QuotaPeriod,
            QuotaPeriod.Total),
        new("defaults.rate", "[defaults]\nrate = \"7MB/s\"", settings => settings.Users.Users[0].Rate, 7_000_000L),
        new("defaults.upstreams", "[defaults]\nupstreams = \"default\"", settings => settings.Users.Users[0].Upstreams, "default"),

        new("replay.capacity", "[replay]\ncapacity = 7", settings => settings.Replay.Capacity, 7),
        new("replay.time_skew", "[replay]\ntime_skew = 7", settings => settings.Replay.TimeSkew, TimeSpan.FromSeconds(7)),
        new("replay.ignore_time_skew", "[replay]\nignore_time_skew = true", settings => settings.Replay.IgnoreTimeSkew, true),

        new("fronting.profile", "[fronting]\nprofile = \"default\"", settings => settings.Fronting.FollowsMask, false),
        new("fronting.refresh", "[fronting]\nrefresh = \"7h\"", settings => settings.Fronting.Refresh, TimeSpan.FromHours(7)),
        new("fronting.key_share", "[fronting]\nkey_share = \"x25519\"", settings => settings.Fronting.KeyShare, KeyShareChoice.X25519),
        new("fronting.unknown_sni", "[fronting]\nunknown_sni = \"drop\"", settings => settings.Fronting.UnknownSni, UnknownSni.Drop),
        new("fronting.record_sizing", "[fronting]\nrecord_sizing = false", settings => settings.Fronting.RecordSizing, false),
        new("fronting.proxy_protocol", "[fronting]\nproxy_protocol = 2", settings => settings.Fronting.ProxyProtocol, 2),

        new("middle_proxy.enabled", "[middle_proxy]\nenabled = true", settings => settings.MiddleProxy.Enabled, true),
        new("middle_proxy.secret_file", "[middle_proxy]\nsecret_file = \"/a\"", settings => settings.MiddleProxy.SecretFile, "/a"),
        new("middle_proxy.secret_url", "[middle_proxy]\nsecret_url = \"https://example.com\"", settings => settings.MiddleProxy.SecretUrl, new Uri("https://example.com")),
        new("middle_proxy.config_file", "[middle_proxy]\nconfig_file = \"/a\"", settings => settings.MiddleProxy.ConfigFile, "/a"),
        new("middle_proxy.config_url", "[middle_proxy]\nconfig_url = \"https://example.com\"", settings => settings.MiddleProxy.ConfigUrl, new Uri("https://example.com")),
        new("middle_proxy.config_url_v6", "[middle_proxy]\nconfig_url_v6 = \"https://example.com\"", settings => settings.MiddleProxy.ConfigUrlV6, new Uri("https://example.com")),
        new("middle_proxy.refresh", "[middle_proxy]\nrefresh = \"7h\"", settings => settings.MiddleProxy.Refresh, TimeSpan.FromHours(7)),
        new("middle_proxy.client_queue", "[middle_proxy]\nclient_queue = \"7MiB\"", settings => settings.MiddleProxy.ClientQueue, 7L << 20),
        new("middle_proxy.fallback_direct", "[middle_proxy]\nfallback_direct = false", settings => settings.MiddleProxy.FallbackDirect, false),

        new("health.interval", "[health]\ninterval = 7", settings => settings.Health.Interval, TimeSpan.FromSeconds(7)),
        new("health.timeout", "[health]\ntimeout = 7", settings => settings.Health.Timeout, TimeSpan.FromSeconds(7)),
        new("health.threshold", "[health]\nthreshold = 7", settings => settings.Health.Threshold, 7),
        new("health.recover", "[health]\nrecover = 7", settings => settings.Health.Recover, 7),

        new("control.enabled", "[control]\nenabled = false", settings => settings.Control.Enabled, false),
        new("control.listen", "[control]\nlisten = \"127.0.0.1:9092\"", settings => settings.Control.Listen.Port, 9092),
        new("control.token", "[control]\ntoken = \"0123456789abcdef\"", settings => settings.Control.Token, "0123456789abcdef"),
        new("control.allow", "[control]\nallow = [\"10.0.0.0/8\"]", settings => settings.Control.Allow.Single().ToString(), "10.0.0.0/8"),
        new("control.read_only", "[control]\nread_only = true", settings => settings.Control.ReadOnly, true),
        new("control.certificate", "[control]\ncertificate = \"/a\"", settings => settings.Control.Certificate, "/a"),

        new("telemetry.endpoint", "[telemetry]\nendpoint = \"http://localhost:4317\"", settings => settings.Telemetry.Endpoint?.Port, 4317),
        new("telemetry.protocol", "[telemetry]\nprotocol = \"http/protobuf\"", settings => settings.Telemetry.IsGrpc, false),
        new("telemetry.headers", "[telemetry]\nheaders = { a = \"b c\" }", settings => settings.Telemetry.Headers, "a=b%20c"),
        new("telemetry.interval", "[telemetry]\ninterval = 7", settings => settings.Telemetry.Interval, TimeSpan.FromSeconds(7)),
        new("telemetry.traces", "[telemetry]\ntraces = false", settings => settings.Telemetry.Traces, false),
        new("telemetry.sample", "[telemetry]\nsample = 0.5", settings => settings.Telemetry.Sample, 0.5),
        new("telemetry.service", "[telemetry]\nservice = \"a\"", settings => settings.Telemetry.Service, "a"),
        new("telemetry.user_labels", "[telemetry]\nuser_labels = 7", settings => settings.Telemetry.UserLabels, 7),

        new("logging.level", "[logging]\nlevel = \"debug\"", settings => settings.Logging.Level, LogThreshold.Debug),
        new("logging.levels", "[logging]\nlevels = { a = \"trace\" }", settings => settings.Logging.Levels.Single().Value, LogThreshold.Trace),
        new("logging.format", "[logging]\nformat = \"json\"", settings => settings.Logging.Format, LogFormat.Json),
        new("logging.client_ips", "[logging]\nclient_ips = \"none\"", settings => settings.Logging.ClientIps, ClientIps.None),
    ];

    public ConfigurationKey Key => ConfigurationSchema.AllKeys.Single(key => key.Path == Path);

    public string Apply(string file)
    {
        var name = Text[..Text.IndexOf(' ')];
        return string.Join('\n', file.Split('\n').Where(line => !line.StartsWith(name + " "))) + Text + "\n";
    }

    public override string ToString() => Path;

    private static UserSettings Bob(ProxySettings settings) => settings.Users.Users.Single(user => user.Name == "bob");

    private static PolicyDecision Decided(ProxySettings settings) => settings.Policies.Decide(
        new PolicySubject(settings.Users.Users[0], "www.example.com", new ClientAddress(IPEndPoint.Parse("10.1.2.3:4"))), 2);

    private static string User(string line) => $"[users.bob]\nsecret = \"{Other}\"\n{line}";

    private static string Listener(string line) => $"[[listeners]]\nip = \"192.0.2.7\"\n{line}";

    private static string Upstream(string line) => $"[[upstreams]]\n{line}";
}
