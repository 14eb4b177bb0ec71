namespace Telemt.Core.Upstream;

internal enum SocksStatus
{
    /// <summary>Bytes are to be sent, or more are to come.</summary>
    Talking,

    /// <summary>From the next byte on the connection is the target's.</summary>
    Connected,

    Failed,
}
