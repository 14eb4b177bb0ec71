using System.Collections.Immutable;
using System.Net;

namespace Telemt.Core.Status;

/// <summary>How the route of ad tags stands. A snapshot: immutable, for any thread.</summary>
internal sealed record MiddleStatus
{
    public required bool Enabled { get; init; }

    /// <summary>What keeps the route from working at all, in words; null when nothing does.</summary>
    public string? Missing { get; init; }

    /// <summary>Sessions that went to their DC without their tag, since the start.</summary>
    public long Fallbacks { get; init; }

    /// <summary>Sessions that ended because there was no middle proxy, since the start.</summary>
    public long Unserved { get; init; }

    /// <summary>Running sessions on the route.</summary>
    public int Clients => Clusters.Sum(cluster => cluster.Clients);

    /// <summary>This host's clock less the web server's that the list came from; null before the first download.</summary>
    public TimeSpan? ClockError { get; init; }

    /// <summary>In the order of their data centres, all loops together.</summary>
    public ImmutableArray<MiddleClusterStatus> Clusters { get; init; } = [];

    /// <summary>The secret and the lists: where from and how old.</summary>
    public ImmutableArray<MiddleSourceStatus> Sources { get; init; } = [];
}

/// <summary>The middle proxies of one data centre.</summary>
/// <param name="Dc">Negative for media.</param>
internal sealed record MiddleClusterStatus(short Dc, ImmutableArray<MiddleConnectionStatus> Connections, ImmutableArray<MiddleAddressStatus> Failing)
{
    public int Clients => Connections.Sum(connection => connection.Clients);
}

/// <summary>A connection that many clients share.</summary>
/// <param name="SeenAs">Our address as we tell the middle proxy.</param>
/// <param name="Pending">Bytes that it has not read yet.</param>
/// <param name="Draining">It takes no new clients.</param>
internal sealed record MiddleConnectionStatus(IPEndPoint Address, IPEndPoint SeenAs, int Clients, int Pending, bool Draining);

/// <summary>An address that did not work when it was tried last.</summary>
/// <param name="Cause">In words.</param>
internal sealed record MiddleAddressStatus(IPEndPoint Address, int Failures, string Cause);

/// <summary>One of the three things that the route is made of.</summary>
/// <param name="Name">"proxy-secret", "proxy-config" or "proxy-config-v6".</param>
/// <param name="Origin">File, URL or the state folder; null while it is not there.</param>
/// <param name="ReadAt">When what is in use was fetched.</param>
/// <param name="Problem">Why the last try failed; null when it did not.</param>
internal sealed record MiddleSourceStatus(string Name, string? Origin, DateTimeOffset? ReadAt, string? Problem);
