using static Telemt.Worker.Configuration.Schema.SessionEffect;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>The keys of [limits].</summary>
internal static class LimitKeys
{
    /// <summary>0 is what the descriptor limit allows.</summary>
    public static readonly ConfigurationKey<int> MaxConnections = new("limits.max_connections", Readers.Count, 0, Now);

    /// <summary>0 is 30 % of the connections.</summary>
    public static readonly ConfigurationKey<int> MaxHandshakes = new("limits.max_handshakes", Readers.Count, 0, Now);

    public static readonly ConfigurationKey<int> MaxPerIp = new("limits.max_per_ip", Readers.Count, 0, Now);
    public static readonly ConfigurationKey<int> MaxHandshakesPerIp = new("limits.max_handshakes_per_ip", Readers.Count, 64, Now);
    public static readonly ConfigurationKey<int> MaxMask = new("limits.max_mask", Readers.Count, 1024, Now);
    public static readonly ConfigurationKey<long?> Rate = new("limits.rate", Readers.Optional(Readers.Rate), null, Now);

    /// <summary>Below a MiB a single busy session would not find room for its buffers.</summary>
    public static readonly ConfigurationKey<long?> Memory =
        new("limits.memory", Readers.Optional(new SizeReader(1 << 20), "auto"), null, Now);
}
