namespace Telemt.Core.Client;

/// <summary>The reserved values (xAxA) that browsers mix into their lists, drawn once for each hello as Chrome does.</summary>
internal readonly struct GreaseValues
{
    public GreaseValues(IRandomSource random)
    {
        Span<byte> drawn = stackalloc byte[5];
        random.Fill(drawn);
        Suite = Value(drawn[0]);
        Group = Value(drawn[1]);
        Version = Value(drawn[2]);
        FirstExtension = Value(drawn[3]);
        LastExtension = Value(drawn[4]);
        if (LastExtension == FirstExtension)
        {
            // Two extensions of one type would be an error even in TLS.
            LastExtension ^= 0x1010;
        }
    }

    public ushort Suite { get; }

    public ushort Group { get; }

    public ushort Version { get; }

    public ushort FirstExtension { get; }

    public ushort LastExtension { get; }

    private static ushort Value(byte drawn) => (ushort)(((drawn & 0xf0) | 0x0a) * 0x0101);
}
