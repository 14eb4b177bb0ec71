using System.Net;

namespace Telemt.Worker.Links;

/// <summary>Under which addresses the internet reaches this host, as far as known; one of each family at most.</summary>
internal sealed record PublicAddresses(IPAddress? V4, IPAddress? V6)
{
    public static readonly PublicAddresses Unknown = new(null, null);

    public bool IsKnown => V4 is not null || V6 is not null;

    public override string ToString() => IsKnown ? string.Join(" and ", new[] { V4, V6 }.OfType<IPAddress>()) : "unknown";
}
