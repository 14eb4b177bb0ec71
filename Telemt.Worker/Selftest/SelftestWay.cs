using Telemt.Core.Wire;

namespace Telemt.Worker.Selftest;

/// <summary>A way that clients come in.</summary>
internal sealed record SelftestWay(string Name, ClientMode Mode, ProtocolTag Tag)
{
    public static IReadOnlyList<SelftestWay> All { get; } =
    [
        new("classic, abridged", ClientMode.Classic, ProtocolTag.Abridged),
        new("classic, intermediate", ClientMode.Classic, ProtocolTag.Intermediate),
        new("secure (dd)", ClientMode.Secure, ProtocolTag.PaddedIntermediate),
        new("fake TLS (ee)", ClientMode.Tls, ProtocolTag.PaddedIntermediate),
    ];
}
