namespace Telemt.Core.Settings;

/// <summary>How close the server's first flight is to the mask host's.</summary>
internal sealed record FrontingSettings
{
    public UnknownSni UnknownSni { get; init; } = UnknownSni.Mask;

    /// <summary>Version of the PROXY header that the mask host gets, 1 or 2; 0 sends none.</summary>
    public int ProxyProtocol { get; init; }
}
