using System.Runtime.InteropServices;
using Telemt.Worker.Transport;

namespace Telemt.Bench.Load.Relays;

/// <summary>The floor: recv into one shared buffer of 256 KiB, send.</summary>
internal sealed unsafe class CopyRelay(int listenPort, int toPort) : BaselineRelay(listenPort, toPort)
{
    private const int BufferSize = 256 * 1024;
    private const int MostPerTurn = 1024 * 1024;

    private readonly byte* _buffer = (byte*)NativeMemory.AlignedAlloc(BufferSize, 4096);

    protected override bool Holds(RelaySide from) => from.Kept is not null;

    protected override void Drop(RelaySide side) => side.Kept = null;

    protected override Pumped Pump(RelaySide from)
    {
        if (from.Kept is not null && !Flush(from))
        {
            return from.Kept is null ? Pumped.Broken : Pumped.Paused;
        }

        for (var moved = 0; moved < MostPerTurn && !from.Ended;)
        {
            var size = (int)Libc.Receive(from.Fd, _buffer, BufferSize, 0);
            if (size <= 0)
            {
                return size == 0 ? Pumped.Ended : Libc.Errno == Libc.EAGAIN ? Pumped.Paused : Pumped.Broken;
            }

            var sent = (int)Libc.Send(from.Peer.Fd, _buffer, size, Libc.MsgNoSignal);
            if (sent < 0 && Libc.Errno != Libc.EAGAIN)
            {
                return Pumped.Broken;
            }

            sent = Math.Max(sent, 0);
            if (sent < size)
            {
                from.Kept = new ReadOnlySpan<byte>(_buffer + sent, size - sent).ToArray();
                from.KeptFrom = 0;
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

    /// <returns>False when something is still kept, or (nothing kept) the sink is broken.</returns>
    private static bool Flush(RelaySide from)
    {
        var kept = from.Kept.AsSpan(from.KeptFrom);
        fixed (byte* bytes = kept)
        {
            var sent = (int)Libc.Send(from.Peer.Fd, bytes, kept.Length, Libc.MsgNoSignal);
            if (sent < 0)
            {
                from.Kept = Libc.Errno == Libc.EAGAIN ? from.Kept : null;
                return false;
            }

            from.KeptFrom += sent;
            if (sent < kept.Length)
            {
                return false;
            }
        }

        from.Kept = null;
        return true;
    }
}
