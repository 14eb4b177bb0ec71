using Telemt.Bench.Load.Net;

namespace Telemt.Bench.Load.Traffic;

/// <summary>
/// The DC's end. It decrypts nothing: it knows by their number which bytes it has (64 of header, then payload).
/// </summary>
internal abstract class DcConnection : Connection
{
    private long _received;

    protected DcConnection(Poller poller, Tally tally)
        : base(poller)
    {
        Tally = tally;
        tally.AtDc++;
    }

    protected Tally Tally { get; }

    public override void OnReady(uint events)
    {
        var size = Discard();
        if (size > 0)
        {
            _received += size;
            OnPayload(_received - Opening.HeaderSize, size);
        }
        else if (size < 0)
        {
            End();
        }
    }

    /// <param name="total">Payload bytes since the header; negative while that is incomplete.</param>
    /// <param name="size">Bytes that came now.</param>
    protected abstract void OnPayload(long total, int size);

    protected void End()
    {
        if (Fd >= 0)
        {
            Tally.AtDc--;
            Poller.Close(this);
        }
    }
}
