namespace Telemt.Core.Settings;

/// <summary>The replay table and the clock rules of fake TLS (PROTOCOL D.3, D.4).</summary>
internal sealed record ReplaySettings
{
    public int Capacity { get; init; } = 1_048_576;
    public TimeSpan TimeSkew { get; init; } = TimeSpan.FromSeconds(600);
    public bool IgnoreTimeSkew { get; init; }
}
