namespace Telemt.Core.Settings;

/// <summary>How close the server's first flight is to the mask host's.</summary>
internal sealed record FrontingSettings
{
    public UnknownSni UnknownSni { get; init; } = UnknownSni.Mask;
}
