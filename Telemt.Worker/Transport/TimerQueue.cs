namespace Telemt.Worker.Transport;

/// <summary>
/// The timers of one loop: a binary heap by due time whose entries know their place, so that arming again and cancelling cost a few
/// swaps. An armed timer costs nothing until it is due: the loop sleeps exactly until the first one.
/// </summary>
internal sealed class TimerQueue
{
    private LoopTimer?[] _heap = new LoopTimer?[64];

    public int Count { get; private set; }

    /// <summary>Due time of the first timer, or <see cref="long.MaxValue"/>.</summary>
    public long NextDue => Count == 0 ? long.MaxValue : _heap[1]!.Due;

    /// <summary>Arms the timer, or moves it if it is armed already.</summary>
    public void Arm(LoopTimer timer, long due)
    {
        var position = timer.HeapPosition;
        if (position == 0)
        {
            position = ++Count;
            if (position == _heap.Length)
            {
                Array.Resize(ref _heap, _heap.Length * 2);
            }

            timer.Due = due;
            RiseFrom(position, timer);
            return;
        }

        var earlier = due < timer.Due;
        timer.Due = due;
        if (earlier)
        {
            RiseFrom(position, timer);
        }
        else
        {
            SinkFrom(position, timer);
        }
    }

    public void Cancel(LoopTimer timer)
    {
        var position = timer.HeapPosition;
        if (position == 0)
        {
            return;
        }

        timer.HeapPosition = 0;
        var last = _heap[Count]!;
        _heap[Count--] = null;
        if (last == timer)
        {
            return;
        }

        if (last.Due < timer.Due)
        {
            RiseFrom(position, last);
        }
        else
        {
            SinkFrom(position, last);
        }
    }

    /// <summary>Takes the first timer that is due, or null.</summary>
    public LoopTimer? TakeDue(long now)
    {
        if (Count == 0 || _heap[1]!.Due > now)
        {
            return null;
        }

        var timer = _heap[1]!;
        Cancel(timer);
        return timer;
    }

    private void RiseFrom(int position, LoopTimer timer)
    {
        while (position > 1 && _heap[position / 2]!.Due > timer.Due)
        {
            Place(position, _heap[position / 2]!);
            position /= 2;
        }

        Place(position, timer);
    }

    private void SinkFrom(int position, LoopTimer timer)
    {
        while (true)
        {
            var child = position * 2;
            if (child > Count)
            {
                break;
            }

            if (child < Count && _heap[child + 1]!.Due < _heap[child]!.Due)
            {
                child++;
            }

            if (_heap[child]!.Due >= timer.Due)
            {
                break;
            }

            Place(position, _heap[child]!);
            position = child;
        }

        Place(position, timer);
    }

    private void Place(int position, LoopTimer timer)
    {
        _heap[position] = timer;
        timer.HeapPosition = position;
    }
}
