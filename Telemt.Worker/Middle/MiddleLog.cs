using System.Net;
using Microsoft.Extensions.Logging;

namespace Telemt.Worker.Middle;

internal static partial class MiddleLog
{
    [LoggerMessage(
        8400,
        LogLevel.Information,
        "Middle proxy {Address} of data centre {Dc} is connected; it knows us as {SeenAs}",
        EventName = "MiddleReady")]
    public static partial void MiddleReady(this ILogger logger, IPEndPoint address, short dc, IPEndPoint seenAs);

    [LoggerMessage(
        8401,
        LogLevel.Warning,
        "Middle proxy {Address} of data centre {Dc} cannot be used: {Cause} ({Held} more since the last such line)",
        EventName = "MiddleFailed")]
    public static partial void MiddleFailed(this ILogger logger, IPEndPoint address, short dc, string cause, long held);

    [LoggerMessage(
        8402,
        LogLevel.Warning,
        "Middle proxy {Address} of data centre {Dc} is lost: {Cause}. Its {Clients} clients were ended, to come again",
        EventName = "MiddleLost")]
    public static partial void MiddleLost(this ILogger logger, IPEndPoint address, short dc, string cause, int clients);

    [LoggerMessage(8403, LogLevel.Debug, "Middle proxy {Address} of data centre {Dc} is left: {Cause}", EventName = "MiddleLeft")]
    public static partial void MiddleLeft(this ILogger logger, IPEndPoint address, short dc, MiddleEnd cause);

    [LoggerMessage(
        8404,
        LogLevel.Warning,
        "{Session}: no middle proxy for data centre {Dc} ({Reason}): it goes there directly, without its ad tag (fallback_direct) ({Held} more since the last such line)",
        EventName = "MiddleFallback")]
    public static partial void MiddleFallback(this ILogger logger, long session, short dc, string reason, long held);

    [LoggerMessage(
        8405,
        LogLevel.Warning,
        "{Session}: no middle proxy for data centre {Dc} ({Reason}), and fallback_direct is off: ended ({Held} more since the last such line)",
        EventName = "MiddleUnserved")]
    public static partial void MiddleUnserved(this ILogger logger, long session, short dc, string reason, long held);

    [LoggerMessage(8406, LogLevel.Debug, "{Session}: by middle proxy {Address} of data centre {Dc}, as client {Id}", EventName = "MiddleSession")]
    public static partial void MiddleSession(this ILogger logger, long session, IPEndPoint address, short dc, long id);

    [LoggerMessage(8407, LogLevel.Error, "A bug of ours in the route of ad tags; it is tried again", EventName = "MiddleFault")]
    public static partial void MiddleFault(this ILogger logger, Exception exception);

    [LoggerMessage(8410, LogLevel.Information, "Ad tags: {Name} is in use, from {Origin}", EventName = "MiddleSourceRead")]
    public static partial void MiddleSourceRead(this ILogger logger, string name, string origin);

    [LoggerMessage(
        8411,
        LogLevel.Warning,
        "Ad tags: {Name} cannot be had from {Origin}: {Problem}; {Instead}",
        EventName = "MiddleSourceFailed")]
    public static partial void MiddleSourceFailed(this ILogger logger, string name, string origin, string problem, string instead);

    [LoggerMessage(
        8412,
        LogLevel.Warning,
        "This host's clock is {Seconds} s {Direction}, as {Host} says; middle proxies allow 30 s. Set it, by NTP for one",
        EventName = "MiddleClock")]
    public static partial void MiddleClock(this ILogger logger, long seconds, string direction, string host);

    [LoggerMessage(8413, LogLevel.Warning, "Ad tags: {Name} cannot be kept in {Folder}: {Problem}", EventName = "MiddleNotKept")]
    public static partial void MiddleNotKept(this ILogger logger, string name, string folder, string problem);
}
