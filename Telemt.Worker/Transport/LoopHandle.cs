namespace Telemt.Worker.Transport;

/// <summary>A descriptor that a loop watches. Belongs to one loop for life; touched only on its thread.</summary>
internal abstract class LoopHandle(EventLoop loop, int fd)
{
    public EventLoop Loop { get; } = loop;

    /// <summary>-1 once closed.</summary>
    public int Fd { get; protected set; } = fd;

    /// <summary>Index in the loop's table, -1 when not watched.</summary>
    internal int Slot { get; set; } = -1;

    /// <summary>Called on the loop's thread with the epoll events.</summary>
    protected internal abstract void OnEvents(uint events);

    /// <summary>Called instead of letting an exception of <see cref="OnEvents"/> reach the loop.</summary>
    protected internal abstract void OnFault();
}
