using System.Diagnostics;
using Telemt.Bench.Load.Net;
using Telemt.Worker.Transport;

namespace Telemt.Bench.Load.Traffic;

/// <summary>Hellos that are nobody's, each from an address that never came before, so many a second.</summary>
/// <param name="before">Sent by others to the same target: their addresses are used up.</param>
internal sealed unsafe class BogusHellos(Poller poller, Opening opening, int port, int perSecond, int before = 0)
{
    /// <summary>Behind all that clients come from.</summary>
    private const int FirstSource = 1_000_000;

    /// <summary>Each is given half a second to be looked at.</summary>
    private readonly Queue<Stranger> _open = new(perSecond);
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _sent;

    public int Sent => _sent;

    /// <summary>For every turn of the poller.</summary>
    /// <returns>False: never done.</returns>
    public bool SendDue()
    {
        for (; _sent < Stopwatch.GetElapsedTime(_start).TotalSeconds * perSecond; _sent++)
        {
            var stranger = new Stranger(poller, opening);
            stranger.Connect(port, FirstSource + before + _sent);
            _open.Enqueue(stranger);
            if (_open.Count > perSecond / 2)
            {
                poller.Close(_open.Dequeue());
            }
        }

        return false;
    }

    private sealed class Stranger(Poller poller, Opening opening) : Connection(poller)
    {
        public void Connect(int port, int source) => Poller.Add(this, LoopbackSocket.Connect(port, source), Libc.EpollOut);

        public override void OnReady(uint events)
        {
            if (Fd >= 0 && (events & Libc.EpollOut) != 0)
            {
                Poller.Change(this, 0);
                var size = opening.WriteHello(new Span<byte>(Poller.Scratch, Poller.ScratchSize));
                Poller.Scratch[Core.Client.ClientHelloWriter.RandomOffset] ^= 1;
                _ = SendScratch(size);
            }
        }
    }
}
