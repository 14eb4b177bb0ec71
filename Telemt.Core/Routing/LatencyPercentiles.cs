namespace Telemt.Core.Routing;

/// <summary>Milliseconds from the first attempt to a connection that can be used, the SOCKS dialogue included.</summary>
/// <param name="Average">Moving average: the last five or so weigh most.</param>
internal sealed record LatencyPercentiles(double P50, double P90, double P99, double Average);
