using Telemt.Worker.Transport;

namespace Telemt.Bench.Load.Relays;

/// <summary>The splice floor: bytes go through pipes of 1 MiB and are never copied to user space. Pipes are pooled.</summary>
internal sealed unsafe class SpliceRelay(int listenPort, int toPort) : BaselineRelay(listenPort, toPort)
{
    private const int PipeSize = 1024 * 1024;
    private const int MostPerTurn = 2 * PipeSize;
    private const uint Flags = Libc.SpliceMove | Libc.SpliceNonBlock;

    private readonly Stack<(int Read, int Write)> _pipes = new();

    protected override bool Holds(RelaySide from) => from.InPipe > 0;

    protected override void Drop(RelaySide side)
    {
        if (side.Pipe is { } pipe)
        {
            _ = Libc.Close(pipe.Read);
            _ = Libc.Close(pipe.Write);
            side.Pipe = null;
        }
    }

    protected override Pumped Pump(RelaySide from)
    {
        for (var moved = 0; moved < MostPerTurn;)
        {
            if (from.InPipe == 0)
            {
                if (from.Ended)
                {
                    return Pumped.Paused;
                }

                from.Pipe ??= Rent();
                var size = (int)Libc.Splice(from.Fd, 0, from.Pipe.Value.Write, 0, PipeSize, Flags);
                if (size <= 0)
                {
                    var ended = size == 0 ? Pumped.Ended : Libc.Errno == Libc.EAGAIN ? Pumped.Paused : Pumped.Broken;
                    Return(from);
                    return ended;
                }

                from.InPipe = size;
                moved += size;
            }

            var sent = (int)Libc.Splice(from.Pipe!.Value.Read, 0, from.Peer.Fd, 0, from.InPipe, Flags);
            if (sent <= 0)
            {
                return sent < 0 && Libc.Errno == Libc.EAGAIN ? Pumped.Paused : Pumped.Broken;
            }

            from.InPipe -= sent;
        }

        if (from.InPipe == 0)
        {
            Return(from);
        }

        return Pumped.Paused;
    }

    private (int Read, int Write) Rent()
    {
        if (_pipes.TryPop(out var pipe))
        {
            return pipe;
        }

        var ends = stackalloc int[2];
        if (Libc.Pipe(ends, Libc.SockNonBlock | Libc.SockCloseOnExec) != 0
            || Libc.Control(ends[1], Libc.SetPipeSize, PipeSize) < 0)
        {
            throw new InvalidOperationException($"no pipe of {PipeSize} bytes: errno {Libc.Errno}");
        }

        return (ends[0], ends[1]);
    }

    private void Return(RelaySide side)
    {
        _pipes.Push(side.Pipe!.Value);
        side.Pipe = null;
    }
}
