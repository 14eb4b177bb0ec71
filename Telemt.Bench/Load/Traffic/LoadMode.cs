namespace Telemt.Bench.Load.Traffic;

/// <summary>How the load's clients open their connections.</summary>
internal enum LoadMode
{
    /// <summary>No handshake, the same number of bytes: for relays that are no MTProto proxies.</summary>
    Plain,
    Classic,
    Secure,
    Tls,
}
