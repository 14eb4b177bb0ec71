using System.Collections.Immutable;
using System.Net;

namespace Telemt.Worker.Configuration;

/// <summary>What settings depend on besides the file.</summary>
/// <param name="Addresses">Addresses of this host, to find a mask that leads back to us.</param>
/// <param name="StateDirectory">The folder that systemd gives (STATE_DIRECTORY), or null.</param>
internal sealed record HostFacts(ImmutableArray<IPAddress> Addresses, string? StateDirectory)
{
    public static HostFacts None { get; } = new([], null);
}
