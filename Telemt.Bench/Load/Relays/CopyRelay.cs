using System.Runtime.InteropServices;
using Telemt.Worker.Transport;

namespace Telemt.Bench.Load.Relays;

/// <summary>
/// The floor: recv into one shared buffer of 256 KiB, send. What a full sink does not take stays in that buffer, and another takes its
/// place; so nothing is copied twice.
/// </summary>
internal sealed unsafe class CopyRelay(int listenPort, int toPort) : BaselineRelay(listenPort, toPort)
{
    private const int BufferSize = 256 * 1024;
    private const int MostPerTurn = 1024 * 1024;

    private readonly Stack<nint> _spare = new();
    private nint _buffer = Allocate();

    protected override bool Holds(RelaySide from) => from.Kept != 0;

    protected override void Drop(RelaySide side)
    {
        if (side.Kept != 0)
        {
            _spare.Push(side.Kept);
            side.Kept = 0;
        }
    }

    protected override Pumped Pump(RelaySide from)
    {
        if (from.Kept != 0)
        {
            return Flush(from);
        }

        for (var moved = 0; moved < MostPerTurn;)
        {
            var size = (int)Libc.Receive(from.Fd, (byte*)_buffer, BufferSize, 0);
            if (size <= 0)
            {
                return size == 0 ? Pumped.Ended : Libc.Errno == Libc.EAGAIN ? Pumped.Paused : Pumped.Broken;
            }

            var sent = (int)Libc.Send(from.Peer.Fd, (byte*)_buffer, size, Libc.MsgNoSignal);
            if (sent < 0 && Libc.Errno != Libc.EAGAIN)
            {
                return Pumped.Broken;
            }

            if (sent < size)
            {
                (from.Kept, from.KeptFrom, from.KeptTo) = (_buffer, Math.Max(sent, 0), size);
                _buffer = _spare.TryPop(out var spare) ? spare : Allocate();
                return Pumped.Paused;
            }

            if (size < BufferSize)
            {
                return Pumped.Paused;
            }

            moved += size;
        }

        return Pumped.Paused;
    }

    private Pumped Flush(RelaySide from)
    {
        var sent = (int)Libc.Send(from.Peer.Fd, (byte*)from.Kept + from.KeptFrom, from.KeptTo - from.KeptFrom, Libc.MsgNoSignal);
        if (sent < 0)
        {
            return Libc.Errno == Libc.EAGAIN ? Pumped.Paused : Pumped.Broken;
        }

        from.KeptFrom += sent;
        if (from.KeptFrom == from.KeptTo)
        {
            Drop(from);
        }

        return Pumped.Paused;
    }

    private static nint Allocate() => (nint)NativeMemory.AlignedAlloc(BufferSize, 4096);
}
