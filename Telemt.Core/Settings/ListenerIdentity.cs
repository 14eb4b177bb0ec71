using System.Net;

namespace Telemt.Core.Settings;

/// <summary>What makes two listeners the same socket; all else about a listener may change while it stays bound.</summary>
/// <param name="Port">0 for a unix socket.</param>
internal readonly record struct ListenerIdentity(IPAddress? Address, int Port, string? UnixPath, string? Interface)
{
    /// <summary>True when some connections could arrive at either: one address of a port, and all of them.</summary>
    public bool Overlaps(ListenerIdentity other)
        => Address is { } one
            && other.Address is { } two
            && Port == other.Port
            && one.AddressFamily == two.AddressFamily
            && (IsAny(one) || IsAny(two) || one.Equals(two));

    public override string ToString() => UnixPath ?? new IPEndPoint(Address!, Port).ToString();

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
