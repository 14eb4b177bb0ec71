namespace Telemt.Worker.Transport;

/// <summary>Brings continuations of tasks (name look-ups, files) back to the loop that awaited them.</summary>
internal sealed class LoopSynchronizationContext(EventLoop loop) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => loop.Post(d, state);

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (loop.IsCurrent)
        {
            d(state);
            return;
        }

        throw new NotSupportedException("a loop is never waited for");
    }

    public override SynchronizationContext CreateCopy() => this;
}
