using Telemt.Core.Settings;

namespace Telemt.Core.Status;

/// <summary>What a user holds and has used at one moment. Bytes count both directions, payload only.</summary>
internal sealed record UserReport
{
    public required string Name { get; init; }
    public required bool IsEnabled { get; init; }
    public required DateTimeOffset? Expires { get; init; }

    /// <summary>Running now.</summary>
    public required int Sessions { get; init; }

    /// <summary>Null without a limit.</summary>
    public required int? MostSessions { get; init; }

    /// <summary>With a session now, or within ip_window; IPv6 by /64.</summary>
    public required int Addresses { get; init; }

    /// <summary>Null without a limit.</summary>
    public required int? MostAddresses { get; init; }

    /// <summary>Ever counted.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>What <see cref="UsedBytes"/> counts, quota or not.</summary>
    public required QuotaPeriod Period { get; init; }

    public required long UsedBytes { get; init; }

    /// <summary>Null without one.</summary>
    public required long? Quota { get; init; }

    /// <summary>When <see cref="UsedBytes"/> begins anew; null for a period that never ends.</summary>
    public required DateTimeOffset? QuotaResetsAt { get; init; }

    public bool IsQuotaSpent => UsedBytes >= Quota;
}
