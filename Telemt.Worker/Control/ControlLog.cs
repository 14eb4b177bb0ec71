using Microsoft.Extensions.Logging;

namespace Telemt.Worker.Control;

internal static partial class ControlLog
{
    [LoggerMessage(8600, LogLevel.Information, "The operator's page is at {Address}", EventName = "ControlOpen")]
    public static partial void ControlOpen(this ILogger logger, string address);

    [LoggerMessage(8601, LogLevel.Information, "The operator's page at {Address} is closed", EventName = "ControlClosed")]
    public static partial void ControlClosed(this ILogger logger, string address);

    [LoggerMessage(
        8602,
        LogLevel.Error,
        "The operator's page cannot be served on {Address}: {Problem}. The proxy serves its clients without it; tried again every {Seconds} s",
        EventName = "ControlFailed")]
    public static partial void ControlFailed(this ILogger logger, string address, string problem, double seconds);

    [LoggerMessage(8603, LogLevel.Warning, "{Source} gave a wrong token for the operator's page ({Held} more since the last line)", EventName = "ControlToken")]
    public static partial void ControlToken(this ILogger logger, string source, long held);

    [LoggerMessage(8604, LogLevel.Information, "{Source} by the operator's page: {Edit}", EventName = "ControlEdit")]
    public static partial void ControlEdit(this ILogger logger, string source, string edit);

    [LoggerMessage(8605, LogLevel.Error, "The operator's page failed to answer {Method} {Path}", EventName = "ControlFault")]
    public static partial void ControlFault(this ILogger logger, Exception exception, string method, string path);

    [LoggerMessage(8606, LogLevel.Debug, "The operator's page refused {Source}: {Reason}", EventName = "ControlRefused")]
    public static partial void ControlRefused(this ILogger logger, string source, string reason);

    [LoggerMessage(8607, LogLevel.Error, "The certificate {Path} of the operator's page cannot be used: {Problem}; the last one stays", EventName = "ControlCertificate")]
    public static partial void ControlCertificateFailed(this ILogger logger, string path, string problem);
}
