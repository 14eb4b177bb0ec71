using Telemt.Core.Settings;

namespace Telemt.Core.Policy;

/// <summary>What the operator's policies say of one connection. Immutable; a session keeps it for life (CONFIG: new connections only).</summary>
internal sealed record PolicyDecision
{
    /// <summary>False: this connection is refused, and sees <see cref="Mask"/>.</summary>
    public bool Allow { get; init; } = true;

    /// <summary>The policy's group of upstreams, else the user's, else the default one.</summary>
    public string UpstreamGroup { get; init; } = UpstreamSettings.DefaultGroup;

    /// <summary>Group that serves when a DC answers on no path of <see cref="UpstreamGroup"/>; null for none.</summary>
    public string? FallbackGroup { get; init; }

    /// <summary>32 hexadecimal digits: the policy's, else the user's, else the one for everybody; null for none.</summary>
    public string? AdTag { get; init; }

    /// <summary>Where this connection goes when it is not served.</summary>
    public required MaskSettings Mask { get; init; }

    /// <summary>
    /// Bytes per second in each direction by the policy; null when it says nothing. The user's own rate is not here: an edit of that one
    /// counts for running sessions too.
    /// </summary>
    public long? Rate { get; init; }

    /// <summary>The [[policies]] table that decided, counted from 1; 0 when none matched.</summary>
    public int Policy { get; init; }
}
