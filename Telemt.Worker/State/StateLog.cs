using Microsoft.Extensions.Logging;

namespace Telemt.Worker.State;

internal static partial class StateLog
{
    [LoggerMessage(3101, LogLevel.Information, "The replay window is back: {Count} handshakes", EventName = "ReplayLoaded")]
    public static partial void ReplayLoaded(this ILogger logger, long count);

    [LoggerMessage(3102, LogLevel.Warning, "{Path} is not a whole replay window and is not used", EventName = "ReplayRefused")]
    public static partial void ReplayRefused(this ILogger logger, string path);

    [LoggerMessage(3103, LogLevel.Warning, "The replay window cannot be kept in {Path}: {Error}", EventName = "ReplayFailed")]
    public static partial void ReplayFailed(this ILogger logger, string path, string error);

    [LoggerMessage(8170, LogLevel.Debug, "The traffic of {Count} users is back", EventName = "TrafficLoaded")]
    public static partial void TrafficLoaded(this ILogger logger, int count);

    [LoggerMessage(
        8171,
        LogLevel.Warning,
        "{Path}: the last {Bytes} bytes are no whole record, as after a power cut; all before them stands",
        EventName = "TrafficTorn")]
    public static partial void TrafficTorn(this ILogger logger, string path, long bytes);

    [LoggerMessage(
        8172,
        LogLevel.Error,
        "What users have moved cannot be kept in {Path}: {Error}; quotas hold until the next start, and begin there with what was kept last",
        EventName = "TrafficFailed")]
    public static partial void TrafficFailed(this ILogger logger, string path, string error);

    [LoggerMessage(
        8173,
        LogLevel.Warning,
        "There are quotas and no state folder: what users have moved is forgotten at a stop; set state = \"/var/lib/telemt\"",
        EventName = "QuotaWithoutState")]
    public static partial void QuotaWithoutState(this ILogger logger);

    [LoggerMessage(
        8174,
        LogLevel.Information,
        "{Path} belongs to another process: read until that one has ended, as it does after a restart; two that stay need a state folder each",
        EventName = "TrafficHeld")]
    public static partial void TrafficHeld(this ILogger logger, string path);
}
