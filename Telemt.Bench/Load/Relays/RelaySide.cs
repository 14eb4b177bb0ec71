namespace Telemt.Bench.Load.Relays;

/// <summary>One socket of a relayed pair, with what was read from it and is not yet written to the other.</summary>
internal sealed class RelaySide
{
    public required int Fd { get; init; }

    public RelaySide Peer { get; set; } = null!;

    public uint Interest { get; set; }

    /// <summary>It sent its FIN.</summary>
    public bool Ended { get; set; }

    /// <summary>The copying relay's buffer, while bytes from KeptFrom to KeptTo in it wait; else 0.</summary>
    public nint Kept { get; set; }

    public int KeptFrom { get; set; }

    public int KeptTo { get; set; }

    /// <summary>The splicing relay's pipe, while bytes are in it.</summary>
    public (int Read, int Write)? Pipe { get; set; }

    public int InPipe { get; set; }
}
