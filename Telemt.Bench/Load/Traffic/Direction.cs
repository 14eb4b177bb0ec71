namespace Telemt.Bench.Load.Traffic;

/// <summary>Up is client to DC, down is DC to client.</summary>
[Flags]
internal enum Direction
{
    Down = 1,
    Up = 2,
    Both = Down | Up,
}
