using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Telemt.Worker.Transport;

/// <summary>
/// One thread with its epoll set, its timers and its buffers. Everything that lives on a loop is touched by its thread only, so nothing
/// here takes a lock; other threads reach it by <see cref="Post"/>. A fault of one handle, timer or work item ends that one and is
/// reported: the loop itself never dies of it.
/// </summary>
internal sealed unsafe class EventLoop : IDisposable
{
    private const int BatchSize = 512;
    private const ulong WakeData = ulong.MaxValue;

    private readonly int _epoll;
    private readonly int _wake;
    private readonly Thread _thread;
    private readonly Action<Exception> _onFault;
    private readonly TimeProvider _clock;
    private readonly long _origin;
    private readonly double _nanosecondsPerTick;
    private readonly Queue<ILoopWork> _work = new();
    private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> _posted = new();
    private readonly Stack<int> _freeSlots = new();
    private LoopHandle?[] _handles = new LoopHandle?[256];
    private uint[] _generations = new uint[256];
    private int _slots;
    private int _wakePending;
    private long _turns;
    private readonly Lock _wakeLock = new();
    private bool _closed;
    private volatile bool _stopping;
    private volatile int _cpuClock;

    public EventLoop(int index, TimeProvider clock, BufferPool buffers, Action<Exception> onFault)
    {
        Index = index;
        Buffers = buffers;
        Pipes = new PipePool(this);
        _clock = clock;
        _onFault = onFault;
        _origin = clock.GetTimestamp();
        _nanosecondsPerTick = 1e9 / clock.TimestampFrequency;
        _epoll = Libc.EpollCreate(Libc.SockCloseOnExec);
        _wake = Libc.EventFd(0, Libc.EfdNonBlock | Libc.EfdCloseOnExec);
        if (_epoll < 0 || _wake < 0 || Epoll.Control(_epoll, Libc.EpollAdd, _wake, Libc.EpollIn, WakeData) < 0)
        {
            throw new InvalidOperationException($"cannot make an event loop: errno {Libc.Errno}");
        }

        _thread = new Thread(Run) { Name = $"loop {index}", IsBackground = true };
    }

    public int Index { get; }

    public TimerQueue Timers { get; } = new();

    public BufferPool Buffers { get; }

    /// <summary>What spliced downloads go through.</summary>
    public PipePool Pipes { get; }

    /// <summary>
    /// Sockets get descriptors below this, so that some are left for the runtime: without one it cannot load code, and ends the process.
    /// Set by the loop's owner.
    /// </summary>
    public int DescriptorCeiling { get; set; } = int.MaxValue;

    /// <summary>Milliseconds since the loop was made, read once per batch of events.</summary>
    public long Now { get; private set; }

    /// <summary>The same clock as that of all other loops, read now. For rates, which a batch's time is too coarse for.</summary>
    public long Nanoseconds => (long)(_clock.GetTimestamp() * _nanosecondsPerTick);

    /// <summary>Counts batches: a loop that serves its posted work moves it. Readable from any thread.</summary>
    public long Turns => Volatile.Read(ref _turns);

    /// <summary>The time to arm a timer for that is to be due after so many nanoseconds, from one millisecond on.</summary>
    public long DueIn(long nanoseconds) => (long)Math.Ceiling(Elapsed() + Math.Max(nanoseconds, 1) / 1e6);

    /// <summary>CPU time of its thread, user and system. Any thread may ask.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            Libc.TimeSpec time;
            return _cpuClock != 0 && Libc.ReadClock(_cpuClock, &time) == 0
                ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000)
                : TimeSpan.Zero;
        }
    }

    public bool IsCurrent => Thread.CurrentThread == _thread;

    public void Start() => _thread.Start();

    /// <summary>Runs the callback on the loop's thread. Safe from any thread.</summary>
    public void Post(SendOrPostCallback callback, object? state)
    {
        _posted.Enqueue((callback, state));
        if (Interlocked.Exchange(ref _wakePending, 1) == 0)
        {
            Wake();
        }
    }

    /// <summary>Queues work behind the current batch. Loop thread only.</summary>
    public void Enqueue(ILoopWork work) => _work.Enqueue(work);

    /// <summary>Starts watching the handle. Loop thread only. False when the kernel refuses.</summary>
    public bool Watch(LoopHandle handle, uint events)
    {
        var slot = _freeSlots.Count > 0 ? _freeSlots.Pop() : _slots++;
        if (slot == _handles.Length)
        {
            Array.Resize(ref _handles, slot * 2);
            Array.Resize(ref _generations, slot * 2);
        }

        _handles[slot] = handle;
        handle.Slot = slot;
        if (Epoll.Control(_epoll, Libc.EpollAdd, handle.Fd, events, DataOf(slot)) == 0)
        {
            return true;
        }

        Release(handle);
        return false;
    }

    public void Rewatch(LoopHandle handle, uint events) =>
        _ = Epoll.Control(_epoll, Libc.EpollModify, handle.Fd, events, DataOf(handle.Slot));

    /// <summary>
    /// Closes the descriptor and forgets the handle. The generation in the event data keeps events of the same batch from reaching a
    /// handle that reuses the slot.
    /// </summary>
    public void Close(LoopHandle handle, int fd)
    {
        Release(handle);
        _ = Libc.Close(fd);
    }

    /// <summary>Stops watching without closing, for a descriptor that several loops share.</summary>
    public void Unwatch(LoopHandle handle)
    {
        _ = Epoll.Control(_epoll, Libc.EpollDelete, handle.Fd, 0, 0);
        Release(handle);
    }

    public void Stop()
    {
        _stopping = true;
        Wake();
        if (!IsCurrent && _thread.IsAlive)
        {
            _thread.Join();
        }
    }

    public void Dispose()
    {
        Stop();
        lock (_wakeLock)
        {
            _closed = true;
            _ = Libc.Close(_wake);
        }

        _ = Libc.Close(_epoll);
        Buffers.Dispose();
        Pipes.Dispose();
    }

    private void Run()
    {
        // An await of a task inside a session's code comes back to its loop; awaits of sockets never leave it.
        SynchronizationContext.SetSynchronizationContext(new LoopSynchronizationContext(this));
        _cpuClock = Libc.CpuClockOf(Libc.ThreadId());
        var events = (byte*)NativeMemory.Alloc((nuint)(BatchSize * Epoll.EventSize));
        while (!_stopping)
        {
            var count = Libc.EpollWait(_epoll, events, BatchSize, Patience());
            Now = (long)_clock.GetElapsedTime(_origin).TotalMilliseconds;
            Volatile.Write(ref _turns, _turns + 1);
            for (var i = 0; i < count; i++)
            {
                Dispatch(Epoll.Data(events, i), Epoll.Events(events, i));
            }

            RunTimers();
            RunWork();
        }

        // What was asked before the end is done: descriptors are closed in order.
        RunPosted();
        RunWork();
        NativeMemory.Free(events);
    }

    private int Patience()
    {
        if (_work.Count > 0 || !_posted.IsEmpty)
        {
            return 0;
        }

        var due = Timers.NextDue;
        return due == long.MaxValue ? -1 : (int)Math.Clamp(Math.Ceiling(due - Elapsed()), 0, int.MaxValue);
    }

    /// <summary>Not rounded: a timer of one millisecond is due in less than that, and would else wait for two.</summary>
    private double Elapsed() => _clock.GetElapsedTime(_origin).TotalMilliseconds;

    private void Dispatch(ulong data, uint events)
    {
        if (data == WakeData)
        {
            ulong ignored;
            _ = Libc.Read(_wake, &ignored, sizeof(ulong));

            // A full fence: were the look into the queue to come before this is seen, an item of that moment would wake nobody.
            Interlocked.Exchange(ref _wakePending, 0);
            RunPosted();
            return;
        }

        var slot = (int)(uint)data;
        var handle = _handles[slot];
        if (handle is null || _generations[slot] != (uint)(data >> 32))
        {
            return;
        }

        try
        {
            handle.OnEvents(events);
        }
        catch (Exception e)
        {
            Guard(e, handle);
        }
    }

    private void RunTimers()
    {
        while (Timers.TakeDue(Now) is { } timer)
        {
            try
            {
                timer.OnTimer();
            }
            catch (Exception e)
            {
                _onFault(e);
            }
        }
    }

    private void RunWork()
    {
        for (var left = _work.Count; left > 0; left--)
        {
            try
            {
                _work.Dequeue().Run();
            }
            catch (Exception e)
            {
                _onFault(e);
            }
        }
    }

    private void RunPosted()
    {
        while (_posted.TryDequeue(out var item))
        {
            try
            {
                item.Callback(item.State);
            }
            catch (Exception e)
            {
                _onFault(e);
            }
        }
    }

    private void Guard(Exception exception, LoopHandle handle)
    {
        _onFault(exception);
        try
        {
            handle.OnFault();
        }
        catch (Exception e)
        {
            _onFault(e);
        }
    }

    private ulong DataOf(int slot) => (uint)slot | ((ulong)_generations[slot] << 32);

    private void Release(LoopHandle handle)
    {
        var slot = handle.Slot;
        if (slot < 0)
        {
            return;
        }

        _handles[slot] = null;
        _generations[slot]++;
        _freeSlots.Push(slot);
        handle.Slot = -1;
    }

    /// <summary>After the end the descriptor's number may be somebody else's: a late post must not write there.</summary>
    private void Wake()
    {
        lock (_wakeLock)
        {
            if (!_closed)
            {
                ulong one = 1;
                _ = Libc.Write(_wake, &one, sizeof(ulong));
            }
        }
    }
}
