namespace Telemt.Core.Routing;

/// <summary>What a result changed, for the log.</summary>
internal enum RouteEvent
{
    None,
    PathDown,
    PathUp,
    UpstreamDown,
    UpstreamUp,
}
