using System.Runtime.InteropServices;
using Telemt.Bench.Load.Net;
using Telemt.Worker.Transport;

namespace Telemt.Bench.Load.Relays;

/// <summary>
/// The least that a TCP relay can do, as the measure of the others: one thread, accept, connect, move bytes both ways, end as the peers
/// end. No time-outs, limits or counters. Written apart from the proxy's transport, which is measured against it.
/// </summary>
internal abstract unsafe class BaselineRelay
{
    private const int Batch = 512;
    private const uint Ends = Libc.EpollHangUp | Libc.EpollError;

    private readonly int _epoll = Libc.EpollCreate(0);
    private readonly int _listener;
    private readonly int _toPort;
    private RelaySide?[] _sides = new RelaySide?[1024];

    protected BaselineRelay(int listenPort, int toPort)
    {
        _listener = LoopbackSocket.Listen(listenPort);
        _toPort = toPort;
        _ = Epoll.Control(_epoll, Libc.EpollAdd, _listener, Libc.EpollIn, (ulong)_listener);
    }

    /// <summary>Serves until the process is ended.</summary>
    public void Run()
    {
        var events = (byte*)NativeMemory.Alloc((nuint)(Batch * Epoll.EventSize));
        while (true)
        {
            var count = Libc.EpollWait(_epoll, events, Batch, -1);
            for (var i = 0; i < count; i++)
            {
                var fd = (int)Epoll.Data(events, i);
                if (fd == _listener)
                {
                    Accept();
                }
                else if (_sides[fd] is { } side)
                {
                    Serve(side, Epoll.Events(events, i));
                }
            }
        }
    }

    /// <summary>Moves what <paramref name="from"/> has to its peer; what the peer does not take is kept.</summary>
    protected abstract Pumped Pump(RelaySide from);

    /// <summary>Whether bytes of this side wait for its peer.</summary>
    protected abstract bool Holds(RelaySide from);

    protected abstract void Drop(RelaySide side);

    private void Serve(RelaySide side, uint events)
    {
        var wanted = side.Interest;
        if ((events & Ends) != 0 && wanted == 0)
        {
            Close(side);
            return;
        }

        if ((events & Libc.EpollOut) != 0 && !Move(side.Peer))
        {
            return;
        }

        if ((wanted & Libc.EpollIn) != 0 && (events & (Libc.EpollIn | Ends)) != 0 && !Move(side))
        {
            return;
        }

        Arm(side);
        Arm(side.Peer);
    }

    /// <returns>False when the pair is gone.</returns>
    private bool Move(RelaySide from)
    {
        if (!from.Ended || Holds(from))
        {
            switch (Pump(from))
            {
                case Pumped.Broken:
                    Close(from);
                    return false;
                case Pumped.Ended:
                    from.Ended = true;
                    break;
                default:
                    break;
            }
        }

        if (from.Ended && !Holds(from))
        {
            if (from.Peer.Ended && !Holds(from.Peer))
            {
                Close(from);
                return false;
            }

            _ = Libc.Shutdown(from.Peer.Fd, Libc.ShutWrite);
        }

        return true;
    }

    private void Arm(RelaySide side)
    {
        var interest = (side.Ended || Holds(side) ? 0 : Libc.EpollIn) | (Holds(side.Peer) ? Libc.EpollOut : 0);
        if (interest != side.Interest)
        {
            side.Interest = interest;
            _ = Epoll.Control(_epoll, Libc.EpollModify, side.Fd, interest, (ulong)side.Fd);
        }
    }

    private void Accept()
    {
        for (int fd; (fd = LoopbackSocket.Accept(_listener)) >= 0;)
        {
            var client = new RelaySide { Fd = fd };
            var server = new RelaySide { Fd = LoopbackSocket.Connect(_toPort), Peer = client };
            client.Peer = server;
            Watch(client);
            Watch(server);
        }
    }

    private void Watch(RelaySide side)
    {
        if (side.Fd >= _sides.Length)
        {
            Array.Resize(ref _sides, Math.Max(side.Fd + 1, _sides.Length * 2));
        }

        _sides[side.Fd] = side;
        side.Interest = Libc.EpollIn;
        _ = Epoll.Control(_epoll, Libc.EpollAdd, side.Fd, side.Interest, (ulong)side.Fd);
    }

    private void Close(RelaySide side)
    {
        Forget(side);
        Forget(side.Peer);
    }

    private void Forget(RelaySide side)
    {
        _sides[side.Fd] = null;
        _ = Libc.Close(side.Fd);
        Drop(side);
    }
}
