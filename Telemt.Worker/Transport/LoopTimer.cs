namespace Telemt.Worker.Transport;

/// <summary>Something that its loop wakes at a due time. Armed and cancelled by <see cref="TimerQueue"/> on the loop's thread.</summary>
internal abstract class LoopTimer
{
    /// <summary>Milliseconds of the loop's clock.</summary>
    internal long Due { get; set; }

    /// <summary>Place in the heap, one-based so that a fresh timer is not armed; 0 when not armed.</summary>
    internal int HeapPosition { get; set; }

    /// <summary>Called once on the loop's thread when due; the timer is no longer armed then.</summary>
    protected internal abstract void OnTimer();
}
