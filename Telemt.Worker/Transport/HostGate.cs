using Telemt.Core.Policy;

namespace Telemt.Worker.Transport;

/// <summary>
/// The users of one loop who wait for the host's rate, in line: each gets a portion and goes to the end, whatever number of streams he
/// has. Loop thread only.
/// </summary>
internal sealed class HostGate(EventLoop loop, HostShare host) : LoopTimer
{
    private readonly Queue<LaneFlow> _line = new();

    public void Enter(LaneFlow flow)
    {
        if (!flow.IsAtGate)
        {
            flow.IsAtGate = true;
            _line.Enqueue(flow);
        }

        Await();
    }

    protected internal override void OnTimer()
    {
        for (var left = _line.Count; left > 0 && host.Rate.Wait(loop.Nanoseconds) <= 0; left--)
        {
            var flow = _line.Dequeue();
            flow.IsAtGate = false;
            flow.Serve();
        }

        Await();
    }

    private void Await()
    {
        if (_line.Count > 0 && HeapPosition == 0)
        {
            loop.Timers.Arm(this, loop.DueIn(host.Rate.Wait(loop.Nanoseconds)));
        }
    }
}
