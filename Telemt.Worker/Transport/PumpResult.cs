namespace Telemt.Worker.Transport;

/// <summary>Where one direction of a relay stands after a turn.</summary>
internal enum PumpResult : byte
{
    /// <summary>All that was there has moved; go on.</summary>
    Moved,

    /// <summary>An edge of the source or the sink will go on.</summary>
    Waiting,

    /// <summary>More could move, but others come first.</summary>
    TurnOver,
    SourceBroken,
    SinkBroken,
}
