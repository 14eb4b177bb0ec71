using Microsoft.Extensions.Logging;

namespace Telemt.Worker.Listening;

internal static partial class ListeningLog
{
    [LoggerMessage(2001, LogLevel.Information, "Listening on {Listener}", EventName = "Listening")]
    public static partial void Listening(this ILogger logger, string listener);

    [LoggerMessage(2002, LogLevel.Information, "No longer listening on {Listener}; its sessions go on", EventName = "Closed")]
    public static partial void Closed(this ILogger logger, string listener);

    [LoggerMessage(2003, LogLevel.Warning, "Not listening on {Listener}: {Problem}", EventName = "NoIpv6")]
    public static partial void NoIpv6(this ILogger logger, string listener, string problem);

    [LoggerMessage(2004, LogLevel.Error, "An edit of the listeners is not wholly in force, and closes none: {Problem}", EventName = "ListenerFailed")]
    public static partial void ListenerFailed(this ILogger logger, string problem);

    [LoggerMessage(2005, LogLevel.Information, "Stopping: up to {Seconds} s for {Sessions} sessions to end", EventName = "Draining")]
    public static partial void Draining(this ILogger logger, double seconds, int sessions);

    [LoggerMessage(2006, LogLevel.Information, "Stopped; {Sessions} sessions were cut", EventName = "Drained")]
    public static partial void Drained(this ILogger logger, int sessions);

    [LoggerMessage(2007, LogLevel.Error, "An edit could not be applied to the listeners", EventName = "ApplyFault")]
    public static partial void ApplyFault(this ILogger logger, Exception exception);
}
