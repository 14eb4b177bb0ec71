namespace Telemt.Worker.Selftest;

/// <summary>How long a measurement runs.</summary>
/// <param name="Time">For each figure, at least.</param>
/// <param name="Bytes">Moved in one round, in one direction.</param>
/// <param name="Flows">Connections that share them.</param>
internal sealed record SelftestLoad(TimeSpan Time, long Bytes, int Flows)
{
    /// <summary>Long enough for the kernel's clock, short enough to wait for.</summary>
    public static SelftestLoad Full { get; } = new(TimeSpan.FromSeconds(1.5), Bytes: 256 << 20, Flows: 8);

    /// <summary>For a test of the test.</summary>
    public static SelftestLoad Small { get; } = new(TimeSpan.Zero, Bytes: 4 << 20, Flows: 2);
}
