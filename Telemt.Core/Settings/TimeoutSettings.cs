namespace Telemt.Core.Settings;

/// <summary>The limits of each phase of a session.</summary>
internal sealed record TimeoutSettings
{
    /// <summary>From accept to the first byte: Apple clients open sockets long before they speak.</summary>
    public TimeSpan FirstByte { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>From the first byte to a complete handshake.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>All attempts to reach the DC together.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan ConnectStagger { get; init; } = TimeSpan.FromSeconds(1);
    public TimeSpan FirstAnswer { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Without a byte in either direction.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(1800);

    /// <summary>Without a byte after one side has ended.</summary>
    public TimeSpan HalfOpen { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan MaskConnect { get; init; } = TimeSpan.FromSeconds(5);
    public TimeSpan MaskIdle { get; init; } = TimeSpan.FromSeconds(300);
    public TimeSpan MaskTotal { get; init; } = TimeSpan.FromSeconds(3600);

    /// <summary>Bounds a shutdown.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(30);
}
