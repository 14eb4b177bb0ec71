namespace Telemt.Bench.Load.Table;

/// <summary>How a figure is to stand to another, or to a number.</summary>
internal enum Bound
{
    AtLeastTimes,
    AtMostTimes,
    AtMostMore,
    AtMost,
}
