using Telemt.Bench.Load.Net;
using Telemt.Worker.Transport;

namespace Telemt.Bench.Load.Traffic;

/// <summary>Takes all that comes; when it is to send, it does so without end from the first byte on that it got.</summary>
internal sealed class BulkDc(Poller poller, Tally tally, Direction direction, Pattern pattern) : DcConnection(poller, tally)
{
    private bool _sends;

    public override void OnReady(uint events)
    {
        if ((events & ~Libc.EpollOut) != 0)
        {
            base.OnReady(events);
        }

        if (_sends && Fd >= 0 && (events & Libc.EpollOut) != 0 && SendPattern(pattern) < 0)
        {
            End();
        }
    }

    protected override void OnPayload(long total, int size)
    {
        Tally.UpBytes += size;
        if (!_sends && direction.HasFlag(Direction.Down))
        {
            _sends = true;
            Poller.Change(this, Libc.EpollIn | Libc.EpollOut);
        }
    }
}
