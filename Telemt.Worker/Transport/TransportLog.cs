using Microsoft.Extensions.Logging;

namespace Telemt.Worker.Transport;

internal static partial class TransportLog
{
    [LoggerMessage(2100, LogLevel.Error, "A bug: {Exception}. What it belonged to has ended; the loop goes on", EventName = "LoopFault")]
    private static partial void LoopFault(ILogger logger, string exception);

    public static void LoopFault(this ILogger logger, Exception exception) => LoopFault(logger, exception.ToString());
}
