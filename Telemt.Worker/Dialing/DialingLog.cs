using Microsoft.Extensions.Logging;
using Telemt.Core.Routing;

namespace Telemt.Worker.Dialing;

internal static partial class DialingLog
{
    /// <summary>What a result changed, if anything.</summary>
    public static void Tell(this ILogger logger, RouteCandidate candidate, RouteEvent what, string? error)
    {
        switch (what)
        {
            case RouteEvent.PathDown:
                logger.PathDown(candidate.Target, candidate.Upstream.Settings.Name, error);
                break;
            case RouteEvent.PathUp:
                logger.PathUp(candidate.Target, candidate.Upstream.Settings.Name);
                break;
            case RouteEvent.UpstreamDown:
                logger.UpstreamDown(candidate.Upstream.Settings.Name, error);
                break;
            case RouteEvent.UpstreamUp:
                logger.UpstreamUp(candidate.Upstream.Settings.Name);
                break;
        }
    }

    [LoggerMessage(
        8000, LogLevel.Information, "{Address} does not answer by upstream {Upstream} ({Error}): avoided while another does", EventName = "PathDown")]
    private static partial void PathDown(this ILogger logger, System.Net.EndPoint address, string upstream, string? error);

    [LoggerMessage(8001, LogLevel.Information, "{Address} answers again by upstream {Upstream}", EventName = "PathUp")]
    private static partial void PathUp(this ILogger logger, System.Net.EndPoint address, string upstream);

    [LoggerMessage(8002, LogLevel.Warning, "Upstream {Upstream} is down ({Error}): avoided while another works", EventName = "UpstreamDown")]
    private static partial void UpstreamDown(this ILogger logger, string upstream, string? error);

    [LoggerMessage(8003, LogLevel.Information, "Upstream {Upstream} works again", EventName = "UpstreamUp")]
    private static partial void UpstreamUp(this ILogger logger, string upstream);
}
