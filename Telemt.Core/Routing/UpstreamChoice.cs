using Telemt.Core.Settings;

namespace Telemt.Core.Routing;

/// <summary>By which upstreams something may go.</summary>
/// <param name="Group">Its own group; when no upstream is in it, there is no way.</param>
/// <param name="Fallback">The group that stands in where the own one reaches the target by no way; null or unknown: none does.</param>
internal readonly record struct UpstreamChoice(string Group, string? Fallback)
{
    /// <summary>What holds where nobody chose.</summary>
    public static UpstreamChoice Default { get; } = new(UpstreamSettings.DefaultGroup, UpstreamSettings.FallbackGroup);
}
