using Microsoft.Extensions.Logging;

namespace Telemt.Worker.Telemetry;

internal static partial class TelemetryLog
{
    [LoggerMessage(9101, LogLevel.Information, "Telemetry goes to {Endpoint} by {Protocol}", EventName = "TelemetryOn")]
    public static partial void TelemetryOn(this ILogger logger, string endpoint, string protocol);

    [LoggerMessage(9102, LogLevel.Information, "Telemetry is off", EventName = "TelemetryOff")]
    public static partial void TelemetryOff(this ILogger logger);

    [LoggerMessage(
        9103,
        LogLevel.Warning,
        "The collector {Endpoint} does not take telemetry: is it there, and does it speak this protocol? What is sent meanwhile is lost",
        EventName = "CollectorFails")]
    public static partial void CollectorFails(this ILogger logger, string endpoint);

    [LoggerMessage(9104, LogLevel.Information, "The collector {Endpoint} takes telemetry again", EventName = "CollectorWorks")]
    public static partial void CollectorWorks(this ILogger logger, string endpoint);
}
