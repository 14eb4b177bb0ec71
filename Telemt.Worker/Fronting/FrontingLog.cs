using Microsoft.Extensions.Logging;
using Telemt.Core.Fronting;

namespace Telemt.Worker.Fronting;

internal static partial class FrontingLog
{
    [LoggerMessage(
        8300,
        LogLevel.Information,
        "Clients of {Domain} see the flight of {Host}: {Shortest} to {Longest} bytes, {Group}, {Order}, after {Delay}",
        EventName = "ProfileLearned")]
    public static partial void ProfileLearned(
        this ILogger logger, string domain, string host, int shortest, int longest, string group, string order, string delay);

    [LoggerMessage(
        8301,
        LogLevel.Warning,
        "The mask host {Host} cannot be looked at ({Error}); clients of {Domain} see {Instead}",
        EventName = "ProfileUnreachable")]
    public static partial void ProfileUnreachable(this ILogger logger, string host, string? error, string domain, string instead);

    [LoggerMessage(
        8302,
        LogLevel.Warning,
        "The mask host {Host} does not speak TLS 1.3 with Telegram's clients for {Domain} ({Kind}): what they see is told apart from it. "
            + "Choose another site",
        EventName = "ProfileImpossible")]
    public static partial void ProfileImpossible(this ILogger logger, string host, string domain, HostFlightKind kind);

    [LoggerMessage(
        8303,
        LogLevel.Information,
        "The mask host {Host} sends its flight in {Records} records, and Telegram's clients take one only: an observer who looks at record "
            + "headers can tell them apart. A site that sends one hides better",
        EventName = "ProfileOfSeveralRecords")]
    public static partial void ProfileOfSeveralRecords(this ILogger logger, string host, int records);

    [LoggerMessage(
        8306,
        LogLevel.Information,
        "The mask host {Host} sends {Size} bytes in its flight, and Telegram's clients on iOS take {Most}: ours is shorter",
        EventName = "ProfileTooLong")]
    public static partial void ProfileTooLong(this ILogger logger, string host, int size, int most);

    [LoggerMessage(8304, LogLevel.Warning, "What was seen of mask hosts cannot be kept in {Folder}: {Error}", EventName = "ProfilesNotKept")]
    public static partial void ProfilesNotKept(this ILogger logger, string folder, string error);

    [LoggerMessage(8305, LogLevel.Warning, "What was kept of mask hosts cannot be read and is not used: {Error}", EventName = "ProfilesNotRead")]
    public static partial void ProfilesNotRead(this ILogger logger, string error);

    [LoggerMessage(8307, LogLevel.Debug, "A client of {Domain} offers what {Host} was never asked with: it is asked now", EventName = "OfferLearned")]
    public static partial void OfferLearned(this ILogger logger, string domain, string host);
}
