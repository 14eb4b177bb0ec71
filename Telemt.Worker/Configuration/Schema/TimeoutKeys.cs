using static Telemt.Worker.Configuration.Schema.SessionEffect;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>The keys of [timeouts].</summary>
internal static class TimeoutKeys
{
    public static readonly ConfigurationKey<TimeSpan> FirstByte = Limit("first_byte", 300);
    public static readonly ConfigurationKey<TimeSpan> Handshake = Limit("handshake", 30);
    public static readonly ConfigurationKey<TimeSpan> Connect = Limit("connect", 10);
    public static readonly ConfigurationKey<TimeSpan> ConnectStagger = Limit("connect_stagger", 1);
    public static readonly ConfigurationKey<TimeSpan> FirstAnswer = Limit("first_answer", 15);
    public static readonly ConfigurationKey<TimeSpan> Idle = Limit("idle", 1800);
    public static readonly ConfigurationKey<TimeSpan> HalfOpen = Limit("half_open", 30);
    public static readonly ConfigurationKey<TimeSpan> MaskConnect = Limit("mask_connect", 5);
    public static readonly ConfigurationKey<TimeSpan> MaskIdle = Limit("mask_idle", 300);
    public static readonly ConfigurationKey<TimeSpan> MaskTotal = Limit("mask_total", 3600);
    public static readonly ConfigurationKey<TimeSpan> Drain =
        new("timeouts.drain", Readers.OptionalDuration, TimeSpan.FromSeconds(30), Now);

    private static ConfigurationKey<TimeSpan> Limit(string name, int seconds)
        => new($"timeouts.{name}", Readers.Limit, TimeSpan.FromSeconds(seconds), Now);
}
