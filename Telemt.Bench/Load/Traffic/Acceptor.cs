using Telemt.Bench.Load.Net;
using Telemt.Worker.Transport;

namespace Telemt.Bench.Load.Traffic;

/// <summary>The load's Telegram: a listener that gives each connection the part it plays in the scenario of the moment.</summary>
internal sealed class Acceptor : Endpoint
{
    private readonly Poller _poller;

    public Acceptor(Poller poller)
    {
        _poller = poller;
        var fd = LoopbackSocket.Listen(0);
        Port = LoopbackSocket.PortOf(fd);
        poller.Add(this, fd, Libc.EpollIn);
    }

    public int Port { get; }

    /// <summary>Makes the next connection's part; null turns it away.</summary>
    public Func<Connection>? Part { get; set; }

    public override void OnReady(uint events)
    {
        for (int fd; (fd = LoopbackSocket.Accept(Fd)) >= 0;)
        {
            if (Part is { } part)
            {
                _poller.Add(part(), fd, Libc.EpollIn);
            }
            else
            {
                _ = Libc.Close(fd);
            }
        }
    }
}
