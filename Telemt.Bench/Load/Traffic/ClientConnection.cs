using Telemt.Bench.Load.Net;
using Telemt.Worker.Transport;

namespace Telemt.Bench.Load.Traffic;

/// <summary>A client from its connect through its handshake to the first payload; what comes then is the subclass's.</summary>
internal abstract unsafe class ClientConnection(Poller poller, Opening opening, Tally tally) : Connection(poller)
{
    private Phase _phase = Phase.Connecting;

    private enum Phase
    {
        Connecting,
        Hello,
        Through,
    }

    protected Opening Opening { get; } = opening;

    protected Tally Tally { get; } = tally;

    /// <summary>Payload that goes out with the header.</summary>
    protected abstract int FirstPayload { get; }

    private Span<byte> Scratch => new(Poller.Scratch, Poller.ScratchSize);

    /// <param name="source">See <see cref="LoopbackSocket.Connect"/>.</param>
    public void Connect(int port, int source = 0) => Poller.Add(this, LoopbackSocket.Connect(port, source), Libc.EpollOut);

    public sealed override void OnReady(uint events)
    {
        if (Fd < 0)
        {
            return;
        }

        switch (_phase)
        {
            case Phase.Connecting when (events & (Libc.EpollError | Libc.EpollHangUp)) != 0:
                Break();
                break;
            case Phase.Connecting when (events & Libc.EpollOut) != 0:
                Poller.Change(this, Libc.EpollIn);
                if (!Opening.HasHello)
                {
                    SendFirst();
                }
                else if (SendScratch(Opening.WriteHello(Scratch)))
                {
                    _phase = Phase.Hello;
                }
                else
                {
                    Break();
                }

                break;
            case Phase.Hello:
                ReadFlight();
                break;
            case Phase.Through:
                OnThrough(events);
                break;
            default:
                break;
        }
    }

    /// <summary>The header is out, and the first payload with it.</summary>
    protected abstract void OnFirstSent();

    /// <summary>Readiness once the handshake is over.</summary>
    protected abstract void OnThrough(uint events);

    /// <summary>The connection ended and not by us.</summary>
    protected virtual void Break()
    {
        Tally.Broken++;
        Poller.Close(this);
    }

    protected bool SendMessage(int payload) => SendScratch(Opening.WriteMessage(payload, Scratch));

    private void SendFirst()
    {
        _phase = Phase.Through;
        if (SendScratch(Opening.WriteFirst(FirstPayload, Scratch)))
        {
            OnFirstSent();
        }
        else
        {
            Break();
        }
    }

    /// <summary>Looks first and takes the flight when it is whole, so that no client needs a buffer.</summary>
    private void ReadFlight()
    {
        var seen = (int)Libc.Receive(Fd, Poller.Scratch, Poller.ScratchSize, Syscalls.MsgPeek);
        if (seen < 0 && Libc.Errno == Libc.EAGAIN)
        {
            return;
        }

        var flight = seen <= 0 ? -1 : Opening.FlightSize(Scratch[..seen]);
        if (flight < 0)
        {
            Break();
        }
        else if (flight > 0)
        {
            _ = Discard(flight);
            SendFirst();
        }
    }
}
