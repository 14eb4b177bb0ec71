namespace Telemt.Core.Settings;

/// <summary>When a user's quota starts anew.</summary>
internal enum QuotaPeriod
{
    Month,
    Day,
    Total,
}
