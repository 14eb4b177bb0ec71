namespace Telemt.Core.Settings;

/// <summary>When DCs and upstreams count as down and up, and how those that are down are tried.</summary>
internal sealed record HealthSettings
{
    /// <summary>Between two probes of what is down.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Of a probe's connect, and of its answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Failures in a row until it is avoided.</summary>
    public int Threshold { get; init; } = 3;

    /// <summary>Successes in a row until it is used again.</summary>
    public int Recover { get; init; } = 2;
}
