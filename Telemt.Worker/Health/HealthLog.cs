using Microsoft.Extensions.Logging;

namespace Telemt.Worker.Health;

internal static partial class HealthLog
{
    [LoggerMessage(8010, LogLevel.Information, "Upstream {Upstream} is new in group {Group}, weight {Weight}", EventName = "UpstreamAdded")]
    public static partial void UpstreamAdded(this ILogger logger, string upstream, string group, int weight);

    [LoggerMessage(
        8011, LogLevel.Information, "Upstream {Upstream} is out of the settings, and its last session has ended", EventName = "UpstreamDrained")]
    public static partial void UpstreamDrained(this ILogger logger, string upstream);

    [LoggerMessage(8012, LogLevel.Error, "A bug of ours in a probe; the next one is tried in its time", EventName = "ProbeFault")]
    public static partial void ProbeFault(this ILogger logger, Exception exception);
}
