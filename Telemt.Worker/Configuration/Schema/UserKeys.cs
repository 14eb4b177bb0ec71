using Telemt.Core.Settings;
using Telemt.Core.Wire;
using static Telemt.Worker.Configuration.Schema.SessionEffect;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>The keys of a user, in [users.name] or, but for the secret, for all in [defaults].</summary>
internal sealed class UserKeys
{
    /// <summary>Keys of [users.name]; <see cref="Secret"/> is also what <c>name = "..."</c> in [users] gives.</summary>
    public static readonly UserKeys Own = new("users.*", Cut);

    /// <summary>Keys of [defaults].</summary>
    public static readonly UserKeys Defaults = new("defaults", Now);

    private UserKeys(string section, SessionEffect effect)
    {
        Secret = new($"{section}.secret", Readers.Secret, null, Cut);
        Enabled = new($"{section}.enabled", Readers.Flag, true, effect);
        Expires = new($"{section}.expires", Readers.Moment, null, effect);
        AdTag = new($"{section}.ad_tag", Readers.AdTag, null, New);
        MaxConnections = new($"{section}.max_connections", Readers.Optional(Readers.Count), null, Now);
        MaxIps = new($"{section}.max_ips", Readers.Optional(Readers.Count), null, Now);
        IpWindow = new($"{section}.ip_window", Readers.Interval, TimeSpan.FromSeconds(60), Now);
        Quota = new($"{section}.quota", Readers.Optional(Readers.Quota), null, effect);
        QuotaPeriod = new($"{section}.quota_period", Readers.QuotaPeriod, Core.Settings.QuotaPeriod.Month, Now);
        Rate = new($"{section}.rate", Readers.Optional(Readers.Rate), null, Now);
        Upstreams = new($"{section}.upstreams", Readers.Group, null, New);
    }

    public ConfigurationKey<Secret?> Secret { get; }
    public ConfigurationKey<bool> Enabled { get; }
    public ConfigurationKey<DateTimeOffset?> Expires { get; }
    public ConfigurationKey<string?> AdTag { get; }
    public ConfigurationKey<int?> MaxConnections { get; }
    public ConfigurationKey<int?> MaxIps { get; }
    public ConfigurationKey<TimeSpan> IpWindow { get; }
    public ConfigurationKey<long?> Quota { get; }
    public ConfigurationKey<QuotaPeriod> QuotaPeriod { get; }
    public ConfigurationKey<long?> Rate { get; }
    public ConfigurationKey<string?> Upstreams { get; }

    /// <summary>All but the secret.</summary>
    public ConfigurationKey[] Common
        => [Enabled, Expires, AdTag, MaxConnections, MaxIps, IpWindow, Quota, QuotaPeriod, Rate, Upstreams];
}
