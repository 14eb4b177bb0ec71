namespace Telemt.Bench.Load.Net;

/// <summary>Whatever a <see cref="Poller"/> watches; it owns one descriptor, closed by <see cref="Poller.Close"/>.</summary>
internal abstract class Endpoint
{
    /// <summary>-1 while there is none.</summary>
    public int Fd { get; internal set; } = -1;

    /// <summary>Level-triggered; may also come in vain, when the descriptor number was reused within a batch.</summary>
    /// <param name="events">EPOLL bits.</param>
    public abstract void OnReady(uint events);
}
