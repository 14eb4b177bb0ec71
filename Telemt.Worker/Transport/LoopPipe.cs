namespace Telemt.Worker.Transport;

/// <summary>A large pipe between two sockets: bytes go in and out by splice(2), without a copy to user space.</summary>
internal sealed class LoopPipe(int readEnd, int writeEnd)
{
    /// <summary>Bytes that went in and did not leave yet.</summary>
    public int Bytes { get; private set; }

    /// <summary>Fills the empty pipe; as <see cref="LoopSocket.TrySpliceTo"/>.</summary>
    public int Fill(LoopSocket source, int size)
    {
        var moved = source.TrySpliceTo(writeEnd, size);
        Bytes = Math.Max(moved, 0);
        return moved;
    }

    /// <summary>As <see cref="LoopSocket.TrySpliceFrom"/>.</summary>
    public int Drain(LoopSocket sink)
    {
        var moved = sink.TrySpliceFrom(readEnd, Bytes);
        Bytes -= Math.Max(moved, 0);
        return moved;
    }

    public void Close()
    {
        _ = Libc.Close(readEnd);
        _ = Libc.Close(writeEnd);
    }
}
