namespace Telemt.Core.Policy;

/// <summary>
/// What one user has moved, as it outlives the process. Every number only grows, and a period's share is what came behind its mark: a
/// record that is read twice, or an older one before a newer, can neither double nor lose a month.
/// </summary>
/// <param name="Total">Bytes in both directions, ever.</param>
/// <param name="DayMark">Total at the beginning of the day, or at the operator's reset since.</param>
/// <param name="MonthMark">The same for the month.</param>
/// <param name="TotalMark">Total at the operator's last reset.</param>
/// <param name="Day">Which day that is, in days since 0001-01-01, UTC.</param>
/// <param name="Month">Which month: year × 12 + month.</param>
internal readonly record struct TrafficRecord(string Name, long Total, long DayMark, long MonthMark, long TotalMark, int Day, int Month);
