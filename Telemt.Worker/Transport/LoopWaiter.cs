using System.Runtime.CompilerServices;

namespace Telemt.Worker.Transport;

internal enum WaitResult
{
    Ready,
    TimedOut,

    /// <summary>Somebody else wants this session to do something else: see who called <see cref="LoopWaiter.Cancel"/>.</summary>
    Cancelled,
}

/// <summary>
/// What a session's handshake awaits: a socket's readiness, a time, or to be called off. One per session, used again for every wait, so
/// that an await allocates nothing; its continuation runs on the loop.
/// </summary>
internal sealed class LoopWaiter(EventLoop loop) : LoopTimer, ISocketOwner, ICriticalNotifyCompletion, ILoopWork
{
    private Action? _continuation;
    private LoopSocket? _socket;
    private WaitResult _result;
    private bool _forReading;
    private bool _cancelled;
    private bool _waiting;
    private bool _isTurn;

    public bool IsCompleted => !_waiting;

    public LoopWaiter GetAwaiter() => this;

    public WaitResult GetResult()
    {
        _socket = null;
        loop.Timers.Cancel(this);
        return _result;
    }

    /// <param name="due">Loop time in milliseconds at which the wait ends without result.</param>
    public LoopWaiter Readable(LoopSocket socket, long due) => Begin(socket, forReading: true, socket.IsReadable, due);

    /// <summary>Waits for no socket: until it is nudged or called off, or until then.</summary>
    public LoopWaiter Nudged(long due) => Begin(null, forReading: false, isReady: false, due);

    public LoopWaiter Writable(LoopSocket socket, long due) => Begin(socket, forReading: false, socket.IsWritable, due);

    /// <summary>Waits for the time alone, whatever the socket does: <see cref="WaitResult.TimedOut"/> is what it waits for.</summary>
    public LoopWaiter Until(long due)
    {
        _socket = null;
        _result = _cancelled ? WaitResult.Cancelled : WaitResult.TimedOut;
        _waiting = !_cancelled && due > loop.Now;
        _cancelled = false;
        if (_waiting)
        {
            loop.Timers.Arm(this, due);
        }

        return this;
    }

    /// <summary>Goes on behind the loop's present batch: others have their turn in between.</summary>
    public LoopWaiter Turn()
    {
        _socket = null;
        _waiting = !_cancelled;
        _result = _cancelled ? WaitResult.Cancelled : WaitResult.Ready;
        _cancelled = false;
        if (_waiting)
        {
            _isTurn = true;
            loop.Enqueue(this);
        }

        return this;
    }

    /// <summary>Ends the present wait, or the next one at once.</summary>
    public void Cancel()
    {
        _cancelled = true;
        if (_waiting)
        {
            _result = WaitResult.Cancelled;
            _waiting = false;
            _cancelled = false;

            // Behind the current event: the caller is another session's code. A turn waits there already.
            if (!_isTurn)
            {
                loop.Enqueue(this);
            }
        }
    }

    /// <summary>Ends the present wait as if the socket were ready, so that its owner looks at its limits again.</summary>
    public void Nudge()
    {
        if (_waiting && !_isTurn)
        {
            _result = WaitResult.Ready;
            _waiting = false;
            loop.Enqueue(this);
        }
    }

    public void OnCompleted(Action continuation) => _continuation = continuation;

    public void UnsafeOnCompleted(Action continuation) => _continuation = continuation;

    void ILoopWork.Run()
    {
        if (_isTurn)
        {
            _isTurn = false;
            _waiting = false;
        }

        Resume();
    }

    void ISocketOwner.OnReady(LoopSocket socket)
    {
        if (_waiting && socket == _socket && (_forReading ? socket.IsReadable : socket.IsWritable))
        {
            Complete(WaitResult.Ready);
        }
    }

    /// <summary>Only a continuation could throw here, and it belongs to a task that keeps its exceptions.</summary>
    void ISocketOwner.OnFault(LoopSocket socket) => socket.Close();

    protected internal override void OnTimer()
    {
        if (_waiting)
        {
            Complete(WaitResult.TimedOut);
        }
    }

    private LoopWaiter Begin(LoopSocket? socket, bool forReading, bool isReady, long due)
    {
        socket?.Owner = this;
        _socket = socket;
        _forReading = forReading;
        _waiting = false;
        if (_cancelled)
        {
            _cancelled = false;
            _result = WaitResult.Cancelled;
        }
        else if (isReady)
        {
            _result = WaitResult.Ready;
        }
        else
        {
            _waiting = true;
            loop.Timers.Arm(this, due);
        }

        return this;
    }

    private void Complete(WaitResult result)
    {
        _result = result;
        _waiting = false;
        Resume();
    }

    private void Resume()
    {
        var continuation = _continuation;
        _continuation = null;
        continuation?.Invoke();
    }
}
