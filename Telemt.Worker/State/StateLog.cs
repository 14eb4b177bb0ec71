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
}
