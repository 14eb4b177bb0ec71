using static Telemt.Worker.Configuration.Schema.SessionEffect;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>The keys of [middle_proxy].</summary>
internal static class MiddleProxyKeys
{
    /// <summary>Left out, the route is on when there is an ad tag.</summary>
    public static readonly ConfigurationKey<bool?> Enabled =
        new("middle_proxy.enabled", Readers.Optional(Readers.Flag), null, New);

    public static readonly ConfigurationKey<string?> SecretFile = new("middle_proxy.secret_file", Readers.Path, null, New);
    public static readonly ConfigurationKey<string?> ConfigFile = new("middle_proxy.config_file", Readers.Path, null, New);

    public static readonly ConfigurationKey<Uri?> SecretUrl = Url("secret_url", "https://core.telegram.org/getProxySecret");
    public static readonly ConfigurationKey<Uri?> ConfigUrl = Url("config_url", "https://core.telegram.org/getProxyConfig");
    public static readonly ConfigurationKey<Uri?> ConfigUrlV6 = Url("config_url_v6", "https://core.telegram.org/getProxyConfigV6");

    public static readonly ConfigurationKey<TimeSpan> Refresh =
        new("middle_proxy.refresh", Readers.Interval, TimeSpan.FromHours(6), New);

    /// <summary>Not less than the largest frame, 1 MiB (PROTOCOL F).</summary>
    public static readonly ConfigurationKey<long> ClientQueue =
        new("middle_proxy.client_queue", new SizeReader(1 << 20), 4 << 20, New);

    public static readonly ConfigurationKey<bool> FallbackDirect =
        new("middle_proxy.fallback_direct", Readers.Flag, true, New);

    private static ConfigurationKey<Uri?> Url(string name, string url)
        => new($"middle_proxy.{name}", Readers.Url, new Uri(url), New);
}
