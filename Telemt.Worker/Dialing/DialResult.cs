using System.Net;
using Telemt.Core.Routing;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Dialing;

/// <param name="Socket">Connected to the target, whatever lies between; or null.</param>
/// <param name="Error">What each attempt met, for the log; null when connected, or called off.</param>
internal readonly record struct DialResult(LoopSocket? Socket, string? Error)
{
    /// <summary>The way that was found; null without a socket.</summary>
    public RouteCandidate? Route { get; init; }

    /// <summary>What a SOCKS5 server says that the target sees; null of other ways, and where it does not say.</summary>
    public EndPoint? Bound { get; init; }
}
