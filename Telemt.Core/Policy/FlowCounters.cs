namespace Telemt.Core.Policy;

/// <summary>
/// What one user's sessions on one loop moved and met in one direction. Written by that loop's thread only; the exchange reads it from
/// another, and a count that is a moment old does no harm.
/// </summary>
internal sealed class FlowCounters
{
    /// <summary>Bytes.</summary>
    public long Moved { get; set; }

    /// <summary>How often a sink was found full.</summary>
    public long Fulls { get; set; }

    /// <summary>Sinks that are full now.</summary>
    public int FullNow { get; set; }

    /// <summary>How often a source with something to read was made to wait.</summary>
    public long Holds { get; set; }

    /// <summary>Sources that are made to wait now.</summary>
    public int HeldNow { get; set; }
}
