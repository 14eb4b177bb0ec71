using System.Diagnostics.Metrics;

namespace Telemt.Worker.Telemetry;

/// <summary>Bounds of histograms, in seconds.</summary>
internal static class Buckets
{
    /// <summary>As OpenTelemetry's conventions have them for requests over a network.</summary>
    public static InstrumentAdvice<double> Network => new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    };

    /// <summary>Of whole sessions: phones stay for hours.</summary>
    public static InstrumentAdvice<double> Sessions => new()
    {
        HistogramBucketBoundaries = [0.1, 1, 10, 60, 300, 900, 1800, 3600, 4 * 3600, 12 * 3600, 24 * 3600],
    };
}
