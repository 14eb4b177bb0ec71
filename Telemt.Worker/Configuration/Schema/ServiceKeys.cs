using System.Collections.Immutable;
using System.Net;
using Telemt.Core.Settings;
using static Telemt.Worker.Configuration.Schema.SessionEffect;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>The keys of [modes], [replay], [fronting] and [health].</summary>
internal static class ServiceKeys
{
    public static readonly ConfigurationKey<bool> Classic = new("modes.classic", Readers.Flag, false, New);
    public static readonly ConfigurationKey<bool> Secure = new("modes.secure", Readers.Flag, false, New);
    public static readonly ConfigurationKey<bool> Tls = new("modes.tls", Readers.Flag, true, New);

    public static readonly ConfigurationKey<ImmutableArray<EndPoint?>> DcOverride =
        new("dc_overrides.*", new ListReader<EndPoint?>(Readers.EndPoint), [], New);

    /// <summary>At 8 bytes and more an entry, the most is a gigabyte or two.</summary>
    public static readonly ConfigurationKey<int> ReplayCapacity = new("replay.capacity", new IntegerReader(1, 1 << 27), 1_048_576, Now);

    public static readonly ConfigurationKey<TimeSpan> TimeSkew =
        new("replay.time_skew", new DurationReader(TimeSpan.FromSeconds(1), TimeSpan.FromDays(3650)), TimeSpan.FromSeconds(600), Now);

    public static readonly ConfigurationKey<bool> IgnoreTimeSkew = new("replay.ignore_time_skew", Readers.Flag, false, Now);

    public static readonly ConfigurationKey<string> FrontingProfile =
        new("fronting.profile", Readers.Words("mask", "default"), "mask", New);

    public static readonly ConfigurationKey<TimeSpan> FrontingRefresh =
        new("fronting.refresh", Readers.Interval, TimeSpan.FromHours(6), New);

    public static readonly ConfigurationKey<KeyShareChoice> KeyShare = new(
        "fronting.key_share",
        new ChoiceReader<KeyShareChoice>(
            ("auto", KeyShareChoice.Auto), ("x25519", KeyShareChoice.X25519), ("x25519mlkem768", KeyShareChoice.X25519MlKem768)),
        KeyShareChoice.Auto,
        New);

    public static readonly ConfigurationKey<UnknownSni> UnknownSni = new(
        "fronting.unknown_sni",
        new ChoiceReader<UnknownSni>(
            ("mask", Core.Settings.UnknownSni.Mask), ("accept", Core.Settings.UnknownSni.Accept), ("drop", Core.Settings.UnknownSni.Drop)),
        Core.Settings.UnknownSni.Mask,
        New);

    public static readonly ConfigurationKey<bool> RecordSizing = new("fronting.record_sizing", Readers.Flag, true, New);

    public static readonly ConfigurationKey<int> FrontingProxyProtocol =
        new("fronting.proxy_protocol", new IntegerReader(0, 2), 0, New);

    public static readonly ConfigurationKey<TimeSpan> HealthInterval = new("health.interval", Readers.Interval, TimeSpan.FromSeconds(30), Now);

    public static readonly ConfigurationKey<TimeSpan> HealthTimeout =
        new("health.timeout", Readers.Limit, TimeSpan.FromSeconds(5), Now);

    public static readonly ConfigurationKey<int> HealthThreshold = new("health.threshold", Readers.AtLeastOne, 3, Now);
    public static readonly ConfigurationKey<int> HealthRecover = new("health.recover", Readers.AtLeastOne, 2, Now);
}
