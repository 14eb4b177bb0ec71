namespace Telemt.Core.Settings;

/// <summary>Bounds of the whole process; 0 or null means what the host allows.</summary>
internal sealed record LimitSettings
{
    public int MaxConnections { get; init; }

    /// <summary>Connections without a complete handshake; 0 is 30 % of the connections.</summary>
    public int MaxHandshakes { get; init; }

    public int MaxPerIp { get; init; }
    public int MaxHandshakesPerIp { get; init; } = 64;
    public int MaxMask { get; init; } = 1024;

    /// <summary>Bytes per second in each direction; null is unlimited.</summary>
    public long? Rate { get; init; }

    /// <summary>Bytes of relay buffers for the whole process; null is chosen from the host's memory.</summary>
    public long? Memory { get; init; }
}
