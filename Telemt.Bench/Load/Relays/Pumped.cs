namespace Telemt.Bench.Load.Relays;

internal enum Pumped
{
    /// <summary>Nothing more to read now, or the sink is full, or others are to have a turn.</summary>
    Paused,

    /// <summary>The source sent its FIN.</summary>
    Ended,

    Broken,
}
