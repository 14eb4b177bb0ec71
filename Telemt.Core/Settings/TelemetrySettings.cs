namespace Telemt.Core.Settings;

/// <summary>Where metrics, traces and logs go.</summary>
internal sealed record TelemetrySettings
{
    /// <summary>Of an OTLP collector; null leaves it to the environment, and off without one there.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>gRPC; else protobuf over HTTP.</summary>
    public bool IsGrpc { get; init; } = true;

    /// <summary>As OTEL_EXPORTER_OTLP_HEADERS has them: name=value, escaped, with commas between. They may hold a token.</summary>
    public string Headers { get; init; } = "";

    /// <summary>Between two sets of metrics.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(15);

    public bool Traces { get; init; } = true;

    /// <summary>Part of the good sessions that are traced.</summary>
    public double Sample { get; init; } = 0.01;

    public string Service { get; init; } = DefaultService;

    /// <summary>How many users get a label of their own.</summary>
    public int UserLabels { get; init; } = 200;

    public static string DefaultService => "telemt";
}
