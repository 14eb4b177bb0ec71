namespace Telemt.Worker.Systemd;

/// <summary>What the proxy is doing, read by one thread every few seconds.</summary>
internal interface IProxyStatus
{
    ProxyCounts Counts { get; }
}

/// <param name="Sessions">Clients that are served.</param>
/// <param name="Handshakes">Connections that have not shown yet what they are.</param>
/// <param name="Masked">Connections that are handed through to the mask host.</param>
internal readonly record struct ProxyCounts(int Sessions, int Handshakes, int Masked);
