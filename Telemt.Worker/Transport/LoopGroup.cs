using Microsoft.Extensions.Logging;

namespace Telemt.Worker.Transport;

/// <summary>The loops of the process, one per core. Started before the first listener, stopped after the last session.</summary>
internal sealed class LoopGroup : IDisposable
{
    private readonly EventLoop[] _loops;

    public LoopGroup(TimeProvider clock, ILogger<LoopGroup> log)
        : this(Environment.ProcessorCount, clock, log)
    {
    }

    public LoopGroup(int count, TimeProvider clock, ILogger<LoopGroup> log)
    {
        _loops = new EventLoop[count];
        for (var i = 0; i < count; i++)
        {
            _loops[i] = new EventLoop(i, clock, new BufferPool(long.MaxValue), log.LoopFault);
        }
    }

    public IReadOnlyList<EventLoop> Loops => _loops;

    public void Start()
    {
        foreach (var loop in _loops)
        {
            loop.Start();
        }
    }

    public void Dispose()
    {
        foreach (var loop in _loops)
        {
            loop.Dispose();
        }
    }
}
