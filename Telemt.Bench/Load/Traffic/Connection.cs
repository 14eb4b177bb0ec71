using Telemt.Bench.Load.Net;
using Telemt.Worker.Transport;

namespace Telemt.Bench.Load.Traffic;

/// <summary>A socket of the load, at either end, and the cheapest ways to use it.</summary>
internal abstract unsafe class Connection(Poller poller) : Endpoint
{
    private const int MostAtOnce = 16 * 1024 * 1024;

    private int _patternAt;

    protected Poller Poller { get; } = poller;

    /// <summary>Throws away what has come, without a copy to user space.</summary>
    /// <returns>Bytes; 0 when there are none; -1 when the peer has ended.</returns>
    protected int Discard(int most = MostAtOnce)
    {
        var size = (int)Libc.Receive(Fd, Poller.Scratch, most, Syscalls.MsgTruncate);
        return size switch
        {
            > 0 => size,
            0 => -1,
            _ => Libc.Errno == Libc.EAGAIN ? 0 : -1,
        };
    }

    /// <summary>Sends the first so many bytes of the scratch; they are few, so that a buffer always takes them.</summary>
    /// <returns>False when the peer has ended.</returns>
    protected bool SendScratch(int size) => Libc.Send(Fd, Poller.Scratch, size, Libc.MsgNoSignal) == size;

    /// <summary>Sends on where the last call stopped.</summary>
    /// <returns>Bytes; 0 when there is no room; -1 when the peer has ended.</returns>
    protected int SendPattern(Pattern pattern)
    {
        var size = (int)Libc.Send(Fd, pattern.Bytes + _patternAt, pattern.Size - _patternAt, Libc.MsgNoSignal);
        if (size <= 0)
        {
            return size < 0 && Libc.Errno != Libc.EAGAIN ? -1 : 0;
        }

        _patternAt = (_patternAt + size) % pattern.Size;
        return size;
    }
}
