namespace Telemt.Core.Settings;

/// <summary>How close the server's first flight is to the mask host's.</summary>
internal sealed record FrontingSettings
{
    /// <summary>True: the flight is the mask host's as it was last seen; false: that of a host like most, and at once.</summary>
    public bool FollowsMask { get; init; } = true;

    /// <summary>About how often the mask host is looked at again.</summary>
    public TimeSpan Refresh { get; init; } = TimeSpan.FromHours(6);

    public KeyShareChoice KeyShare { get; init; } = KeyShareChoice.Auto;

    public UnknownSni UnknownSni { get; init; } = UnknownSni.Mask;

    /// <summary>Version of the PROXY header that the mask host gets, 1 or 2; 0 sends none.</summary>
    public int ProxyProtocol { get; init; }

    /// <summary>Records grow as a web server's do, instead of being as long as they can be.</summary>
    public bool RecordSizing { get; init; } = true;
}
