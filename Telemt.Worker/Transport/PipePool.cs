namespace Telemt.Worker.Transport;

/// <summary>
/// The pipes of one loop. A direction has one only while bytes are in it, so a few serve all; they are bounded, since each takes two
/// descriptors, and a user other than root gets 64 of this size from the kernel (fs.pipe-user-pages-soft). Who gets none copies.
/// </summary>
internal sealed unsafe class PipePool(EventLoop loop) : IDisposable
{
    /// <summary>
    /// 1 MiB, the most that an unprivileged process may ask for (fs.pipe-max-size): 12 GB per CPU-second, where pipes of 64 KiB move
    /// less than copying does (LAYOUT, Transport).
    /// </summary>
    public const int PipeSize = 1024 * 1024;

    private const int MostFree = 32;

    /// <summary>One descriptor in so many may be a pipe's.</summary>
    private const int DescriptorShare = 32;

    private const int FewestPipes = 4;
    private const int MostPipes = 256;

    /// <summary>Others' pipes may have gone by then.</summary>
    private const long RefusalMilliseconds = 1000;

    private readonly Stack<LoopPipe> _free = new();
    private long _refusedUntil = long.MinValue;

    /// <summary>Bytes that a new pipe is asked to have room for; less makes none.</summary>
    public int WantedSize { get; set; } = PipeSize;

    /// <summary>Pipes that exist, free ones too.</summary>
    public int Count { get; private set; }

    public int FreeCount => _free.Count;

    private int Most => Math.Clamp(loop.DescriptorCeiling / DescriptorShare / 2, FewestPipes, MostPipes);

    /// <summary>An empty pipe, or null: then bytes are copied for now.</summary>
    public LoopPipe? Rent() => _free.TryPop(out var pipe) ? pipe : Count < Most && loop.Now >= _refusedUntil ? Make() : null;

    /// <summary>Takes a pipe back. One with bytes of an ended session in it serves nobody else.</summary>
    public void Return(LoopPipe pipe)
    {
        if (pipe.Bytes == 0 && _free.Count < MostFree)
        {
            _free.Push(pipe);
        }
        else
        {
            Count--;
            pipe.Close();
        }
    }

    /// <summary>Makes no pipe for a while: the kernel has no room for one, or does not let us splice.</summary>
    public void Refuse() => _refusedUntil = loop.Now + RefusalMilliseconds;

    /// <summary>Closes the pipes that nobody uses. False when there were none.</summary>
    public bool Trim()
    {
        var any = _free.Count > 0;
        while (_free.TryPop(out var pipe))
        {
            Count--;
            pipe.Close();
        }

        return any;
    }

    public void Dispose() => Trim();

    private LoopPipe? Make()
    {
        var ends = stackalloc int[2];
        if (Libc.Pipe(ends, Libc.SockNonBlock | Libc.SockCloseOnExec) != 0)
        {
            Refuse();
            return null;
        }

        var pipe = new LoopPipe(ends[0], ends[1]);
        if (Math.Max(ends[0], ends[1]) >= loop.DescriptorCeiling
            || Libc.Control(ends[1], Libc.SetPipeSize, WantedSize) < WantedSize)
        {
            pipe.Close();
            Refuse();
            return null;
        }

        Count++;
        return pipe;
    }
}
