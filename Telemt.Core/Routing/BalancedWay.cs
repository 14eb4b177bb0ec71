namespace Telemt.Core.Routing;

/// <summary>An upstream in a choice.</summary>
/// <param name="Milliseconds">Moving average of its connect times to the target; 0 when unknown.</param>
internal readonly record struct BalancedWay(UpstreamState Upstream, int Weight, double Milliseconds);
