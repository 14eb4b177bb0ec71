namespace Telemt.Core.Settings;

/// <summary>How DCs and upstreams are probed, and when they count as down and up.</summary>
internal sealed record HealthSettings
{
    /// <summary>Between two probes of one way; zero probes only what has failed.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Of one probe in all.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Failures in a row until it is avoided.</summary>
    public int Threshold { get; init; } = 3;

    /// <summary>Successes in a row until it is used again.</summary>
    public int Recover { get; init; } = 2;
}
