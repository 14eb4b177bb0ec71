using System.Net;

namespace Telemt.Core.Routing;

/// <summary>One thing to try: a target by an upstream.</summary>
/// <param name="Path">Where its result is kept; null for a target that is no DC's.</param>
/// <param name="Hop">The address of a name that was looked up: the target's for a direct way, else the SOCKS server's. Null before.</param>
/// <param name="IsFallback">By the fallback group.</param>
internal sealed record RouteCandidate(UpstreamState Upstream, EndPoint Target, PathState? Path, EndPoint? Hop, bool IsFallback)
{
    /// <summary>False for one that is avoided while there is another.</summary>
    public bool IsHealthy => !Upstream.Health.IsDown && Path?.Health.IsDown != true;

    /// <summary>Not in its first place, for what it did before.</summary>
    public bool IsFailing => !IsHealthy || IsDoubtful;

    /// <summary>Failed the last time, though not often enough to be avoided.</summary>
    public bool IsDoubtful => Path?.Health.Failures > 0;
}
