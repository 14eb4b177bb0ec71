using Telemt.Core.Settings;

namespace Telemt.Worker.Transport;

/// <summary>
/// A listening socket on a loop, level-triggered: what one turn does not accept is there in the next. When descriptors run out and none
/// can be freed it rests for a moment instead of spinning, and is never lost.
/// </summary>
internal sealed unsafe class LoopListener : LoopHandle
{
    private const int AcceptsPerTurn = 64;
    private const int RestMilliseconds = 50;

    private readonly IAcceptor _acceptor;
    private readonly bool _shared;
    private readonly RestTimer _rest;

    /// <param name="shared">The descriptor is watched by several loops (a unix socket has no SO_REUSEPORT); its opener closes it.</param>
    public LoopListener(EventLoop loop, int fd, ListenerSettings settings, bool shared, IAcceptor acceptor)
        : base(loop, fd)
    {
        Settings = settings;
        _acceptor = acceptor;
        _shared = shared;
        _rest = new RestTimer(this);
    }

    /// <summary>Connections go by those of their accept.</summary>
    public ListenerSettings Settings { get; private set; }

    public bool Start() => Loop.Watch(this, Events);

    /// <summary>Takes what waits in the queue, then closes: a connection that the kernel has completed is not reset.</summary>
    /// <param name="isKept">A copy of the descriptor keeps the socket and its queue: nothing is taken from it.</param>
    public void Stop(bool isKept)
    {
        if (Fd < 0)
        {
            return;
        }

        while (!isKept && AcceptOne() is 0 or Libc.ECONNABORTED or Libc.EINTR)
        {
        }

        Loop.Timers.Cancel(_rest);
        if (_shared)
        {
            Loop.Unwatch(this);
        }
        else
        {
            Loop.Close(this, Fd);
        }

        Fd = -1;
    }

    /// <summary>An edit that leaves the socket as it is: options that accepted sockets inherit, and what is not the socket's.</summary>
    public void Apply(ListenerSettings listener, ProxySettings settings)
    {
        Settings = listener;
        if (Fd >= 0 && Settings.UnixPath is null)
        {
            SocketOptions.ForListener(Fd, settings.ClientKeepalive, settings.ClientAckTimeout);
        }
    }

    private uint Events => Libc.EpollIn | (_shared ? Libc.EpollExclusive : 0);

    protected internal override void OnEvents(uint events)
    {
        for (var i = 0; i < AcceptsPerTurn; i++)
        {
            var error = AcceptOne();
            if (error is 0 or Libc.ECONNABORTED or Libc.EINTR)
            {
                continue;
            }

            // The kernel looks for a descriptor before it looks into the queue: behind a connection that took the last one, only the
            // next event tells whether somebody waits.
            if (IsExhausted(error) && i == 0)
            {
                MakeRoom();
            }

            return;
        }
    }

    /// <summary>The next event tries again.</summary>
    protected internal override void OnFault()
    {
    }

    private static bool IsExhausted(int error) => error is Libc.EMFILE or Libc.ENFILE or Libc.ENOBUFS or Libc.ENOMEM;

    private void MakeRoom()
    {
        if (!_acceptor.OnDescriptorsExhausted())
        {
            Rest();
        }
        else if (IsExhausted(AcceptOne()))
        {
            // What was freed is gone again, or was not what is short.
            Rest();
        }
    }

    /// <summary>0 or an errno.</summary>
    private int AcceptOne()
    {
        var address = stackalloc byte[SocketAddress.Room];
        var size = SocketAddress.Room;
        var fd = Libc.Accept(Fd, address, &size, Libc.SockNonBlock | Libc.SockCloseOnExec);
        if (fd < 0)
        {
            return Libc.Errno;
        }

        if (fd >= Loop.DescriptorCeiling && !_acceptor.OnDescriptorsExhausted())
        {
            _ = Libc.Close(fd);
            return 0;
        }

        _acceptor.OnAccepted(this, fd, SocketAddress.Read(address));
        return 0;
    }

    private void Rest()
    {
        if (Slot >= 0)
        {
            Loop.Unwatch(this);
            Loop.Timers.Arm(_rest, Loop.Now + RestMilliseconds);
        }
    }

    private sealed class RestTimer(LoopListener listener) : LoopTimer
    {
        protected internal override void OnTimer()
        {
            if (!listener.Loop.Watch(listener, listener.Events))
            {
                listener.Loop.Timers.Arm(this, listener.Loop.Now + RestMilliseconds);
            }
        }
    }
}
