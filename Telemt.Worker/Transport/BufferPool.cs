using System.Runtime.InteropServices;

namespace Telemt.Worker.Transport;

/// <summary>
/// The relay memory of one loop: one scratch buffer that every receive uses, and what full sinks left over. An idle connection holds
/// nothing here. <see cref="Budget"/> bounds the left-overs, in pipes too; who asks for more than is left makes the longest-stalled
/// holder end.
/// </summary>
internal sealed unsafe class BufferPool : IDisposable
{
    /// <summary>256 KiB: 1.3 x the throughput of 64 KiB (LAYOUT, Transport); larger ones leave the second-level cache.</summary>
    public const int ScratchSize = 256 * 1024;

    private const int SwapThreshold = 64 * 1024;
    private const int MostSpares = 4;

    private readonly Stack<nint> _spares = new();

    public BufferPool(long budget)
    {
        Budget = budget;
        Scratch = NewScratch();
        RecordHeaders = (byte*)NativeMemory.AllocZeroed(RecordBatch.HeaderBytes);
    }

    /// <summary>Bytes that directions may hold; changed live by the loop's owner.</summary>
    public long Budget { get; set; }

    /// <summary>Bytes held now: whole blocks, and what is in pipes.</summary>
    public long Held { get; private set; }

    /// <summary>Where the next receive goes; valid until the next call that keeps bytes.</summary>
    public byte* Scratch { get; private set; }

    /// <summary>The same, for code that does without pointers.</summary>
    public Span<byte> ScratchBytes => new(Scratch, ScratchSize);

    /// <summary>Room for the headers of one gathered send of TLS records.</summary>
    public byte* RecordHeaders { get; private set; }

    /// <summary>The directions that hold bytes, longest without progress first.</summary>
    public StallList Stalled { get; } = new();

    public long Left => Budget - Held;

    /// <summary>
    /// Keeps the rest of the scratch: the buffer itself when much is left and another may be had, else an exact copy, so that the loop is
    /// never without a scratch.
    /// </summary>
    public KeptBytes KeepScratch(int offset, int length)
    {
        if (length < SwapThreshold || Left < ScratchSize)
        {
            return KeepCopy(new ReadOnlySpan<byte>(Scratch + offset, length));
        }

        var kept = new KeptBytes { Block = Scratch, Capacity = ScratchSize, Offset = offset, Length = length };
        Held += ScratchSize;
        Scratch = _spares.TryPop(out var spare) ? (byte*)spare : NewScratch();
        return kept;
    }

    public KeptBytes KeepCopy(ReadOnlySpan<byte> bytes)
    {
        var kept = Allocate(bytes.Length);
        bytes.CopyTo(new Span<byte>(kept.Block, bytes.Length));
        return kept;
    }

    /// <summary>An unfilled block of exactly this size, counted as held.</summary>
    public KeptBytes Allocate(int length)
    {
        // One byte more than asked for where the sizes meet: the capacity tells a scratch buffer from a copy.
        var capacity = length == ScratchSize ? length + 1 : length;
        Held += capacity;
        return new KeptBytes { Block = (byte*)NativeMemory.Alloc((nuint)capacity), Capacity = capacity, Length = length };
    }

    /// <summary>Bytes went into a pipe and did not leave it yet; negative when they have.</summary>
    public void CountPiped(int bytes) => Held += bytes;

    public void Free(ref KeptBytes kept)
    {
        if (kept.Block is null)
        {
            return;
        }

        Held -= kept.Capacity;
        if (kept.Capacity == ScratchSize && _spares.Count < MostSpares)
        {
            _spares.Push((nint)kept.Block);
        }
        else if (kept.Capacity == ScratchSize)
        {
            NativeMemory.AlignedFree(kept.Block);
        }
        else
        {
            NativeMemory.Free(kept.Block);
        }

        kept = default;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Scratch);
        NativeMemory.Free(RecordHeaders);
        while (_spares.TryPop(out var spare))
        {
            NativeMemory.AlignedFree((byte*)spare);
        }

        Scratch = null;
        RecordHeaders = null;
    }

    private static byte* NewScratch() => (byte*)NativeMemory.AlignedAlloc(ScratchSize, 4096);
}
