using System.Collections.Immutable;
using Telemt.Core.Wire;

namespace Telemt.Core.Fronting;

/// <summary>How a host answers one kind of offer. Immutable.</summary>
internal sealed record HostAnswer
{
    /// <summary>The host ends the handshake on this offer with an alert: so it is the host's to answer.</summary>
    public bool Refuses { get; init; }

    /// <summary>A suite of TLS 1.3.</summary>
    public ushort Suite { get; init; }

    /// <summary>Of the key share; what we cannot answer with becomes x25519.</summary>
    public ushort Group { get; init; }

    /// <summary>In the host's order, with supported_versions and key_share among them.</summary>
    public ImmutableArray<ServerExtension> Extensions { get; init; } = [];

    public required FlightSizes Sizes { get; init; }

    /// <summary>OpenSSL's order; BoringSSL and Go put the key first.</summary>
    public static ImmutableArray<ServerExtension> VersionsFirst { get; } =
        [new(Tls13.SupportedVersions, new byte[] { 3, 4 }), new(Tls13.KeyShare, default)];

    public static ImmutableArray<ServerExtension> KeyFirst { get; } = [VersionsFirst[1], VersionsFirst[0]];
}
