namespace Telemt.Worker.Transport;

/// <summary>The session that a relay works for. Called on the loop's thread.</summary>
internal interface IRelayOwner
{
    /// <summary>Read whenever a timer is due, so that an edit takes effect on running relays.</summary>
    RelayLimits Limits { get; }

    /// <summary>Asked once so many bytes have moved, both directions together; first at the first one.</summary>
    /// <returns>At how many to ask again.</returns>
    long OnMoved(long bytes) => long.MaxValue;

    /// <summary>Both sockets are closed. Called once.</summary>
    void OnRelayEnded(RelayEnd end);
}

/// <summary>Milliseconds; <see cref="long.MaxValue"/> for no limit.</summary>
/// <param name="FirstAnswer">From the near side's last byte, while the far side has not said a word.</param>
internal readonly record struct RelayLimits(long Idle, long HalfOpen, long Total, long FirstAnswer = long.MaxValue)
{
    public static long Milliseconds(TimeSpan limit) => limit <= TimeSpan.Zero ? long.MaxValue : (long)limit.TotalMilliseconds;
}
