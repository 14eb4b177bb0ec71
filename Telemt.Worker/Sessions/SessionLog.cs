using Microsoft.Extensions.Logging;
using Telemt.Core.Gate;
using Telemt.Core.Wire;
using Telemt.Worker.Logging;

namespace Telemt.Worker.Sessions;

internal static partial class SessionLog
{
    [LoggerMessage(
        3001,
        LogLevel.Debug,
        "{Session}: {Client} is not a client of ours ({Refusal}, name {Sni}): to the mask host",
        EventName = "Refused")]
    public static partial void Refused(this ILogger logger, long session, ClientAddressText client, Refusal refusal, string? sni);

    [LoggerMessage(
        3007,
        LogLevel.Debug,
        "{Session}: {Client} is {User}, by {Mode}, for data centre {Dc}",
        EventName = "Admitted")]
    public static partial void Admitted(
        this ILogger logger, long session, ClientAddressText client, string user, ClientMode mode, short dc);

    [LoggerMessage(3002, LogLevel.Debug, "{Session}: {Client} is dropped ({Refusal})", EventName = "Dropped")]
    public static partial void Dropped(this ILogger logger, long session, ClientAddressText client, Refusal refusal);

    [LoggerMessage(
        3003,
        LogLevel.Debug,
        "{Session}: ended ({Cause}), user {User}, {BytesUp} bytes up, {BytesDown} down",
        EventName = "Ended")]
    public static partial void Ended(this ILogger logger, long session, SessionEnd cause, string? user, long bytesUp, long bytesDown);

    [LoggerMessage(
        3004,
        LogLevel.Debug,
        "{Session}: asked for data centre {Dc}, which no table knows; default_dc is 0",
        EventName = "UnknownDc")]
    public static partial void UnknownDc(this ILogger logger, long session, short dc);

    [LoggerMessage(
        3005,
        LogLevel.Warning,
        "{Session}: data centre {Dc} could not be reached: {Error} ({Held} more since the last such line)",
        EventName = "DcUnreachable")]
    public static partial void DcUnreachable(this ILogger logger, long session, short dc, string? error, long held);

    [LoggerMessage(
        3008,
        LogLevel.Warning,
        "{Session}: data centre {Dc} got what the client said and stayed mute ({Where}); the client may try again ({Held} more since the last "
            + "such line)",
        EventName = "DcMute")]
    public static partial void DcMute(this ILogger logger, long session, short dc, string where, long held);

    [LoggerMessage(3006, LogLevel.Error, "{Session}: a bug of ours; this session ends, the others go on", EventName = "SessionFault")]
    public static partial void SessionFault(this ILogger logger, long session, Exception exception);

    [LoggerMessage(
        8101,
        LogLevel.Debug,
        "{Session}: {Client} is in no network that may send a PROXY header: to the mask host",
        EventName = "Untrusted")]
    public static partial void Untrusted(this ILogger logger, long session, ClientAddressText client);

    [LoggerMessage(
        8102,
        LogLevel.Warning,
        "{Session}: {Client} is trusted on {Listener} and sent no PROXY header: switch it on in the balancer, or proxy_protocol off "
            + "here ({Held} more since the last such line)",
        EventName = "NoProxyHeader")]
    public static partial void NoProxyHeader(this ILogger logger, long session, ClientAddressText client, string listener, long held);

    [LoggerMessage(
        5001,
        LogLevel.Debug,
        "{Session}: max_mask ({Most}) is reached: read and discarded in silence",
        EventName = "MaskFull")]
    public static partial void MaskFull(this ILogger logger, long session, int most);

    [LoggerMessage(
        5002,
        LogLevel.Warning,
        "{Session}: the mask host {Host} could not be reached: {Error} ({Held} more since the last such line)",
        EventName = "MaskUnreachable")]
    public static partial void MaskUnreachable(this ILogger logger, long session, string? host, string? error, long held);

    [LoggerMessage(
        5003,
        LogLevel.Warning,
        "The mask host {Host} is this proxy itself ({Address}): refused, or it would loop",
        EventName = "MaskLoop")]
    public static partial void MaskLoop(this ILogger logger, string host, string address);

    [LoggerMessage(5004, LogLevel.Warning, "The mask host {Host} has no address: {Error}", EventName = "MaskUnresolved")]
    public static partial void MaskUnresolved(this ILogger logger, string host, string error);
}
