using Telemt.Bench.Load.Net;
using Telemt.Worker.Transport;

namespace Telemt.Bench.Load.Traffic;

/// <summary>Takes without end, or sends without end, or both.</summary>
internal sealed class BulkClient(Poller poller, Opening opening, Tally tally, Direction direction, Pattern pattern)
    : ClientConnection(poller, opening, tally)
{
    private bool _opened;

    /// <summary>Bytes taken by this client.</summary>
    public long Taken { get; private set; }

    /// <summary>When set, this client stops reading once it has taken so many bytes.</summary>
    public long? StallsAfter { get; set; }

    protected override int FirstPayload => 1;

    /// <summary>A stalled client reads again.</summary>
    public void Resume()
    {
        StallsAfter = null;
        Poller.Change(this, Libc.EpollIn);
    }

    protected override void OnFirstSent()
    {
        if (direction.HasFlag(Direction.Up))
        {
            Poller.Change(this, Libc.EpollIn | Libc.EpollOut);
        }

        if (!direction.HasFlag(Direction.Down))
        {
            Open();
        }
    }

    protected override void OnThrough(uint events)
    {
        if ((events & ~Libc.EpollOut) != 0)
        {
            var size = Discard();
            if (size < 0)
            {
                Break();
                return;
            }

            Take(size);
        }

        if ((events & Libc.EpollOut) != 0 && SendPattern(pattern) < 0)
        {
            Break();
        }
    }

    private void Take(int size)
    {
        Taken += size;
        Tally.DownBytes += size;
        if (size > 0)
        {
            Open();
        }

        if (Taken >= StallsAfter)
        {
            Poller.Change(this, 0);
        }
    }

    private void Open()
    {
        if (!_opened)
        {
            _opened = true;
            Tally.Opened++;
        }
    }
}
