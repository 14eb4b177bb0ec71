using System.Collections.Immutable;
using System.Net;

namespace Telemt.Core.Settings;

/// <summary>One [[policies]] table: what it matches (an empty condition matches everything), then what it decides.</summary>
internal sealed record PolicySettings
{
    /// <summary>Names; "*" stands for every user.</summary>
    public ImmutableArray<string> Users { get; init; } = [];

    /// <summary>Names in lower case; "*.example.com" covers every name below it.</summary>
    public ImmutableArray<string> Sni { get; init; } = [];

    public ImmutableArray<IPNetwork> Sources { get; init; } = [];
    public ImmutableArray<int> Dcs { get; init; } = [];

    public bool Allow { get; init; } = true;

    /// <summary>Group of upstreams; null leaves it to the user.</summary>
    public string? UpstreamGroup { get; init; }

    /// <summary>Group that serves when a DC answers on no path of <see cref="UpstreamGroup"/>.</summary>
    public string? FallbackGroup { get; init; }

    /// <summary>32 hexadecimal digits; null leaves it to the user.</summary>
    public string? AdTag { get; init; }

    /// <summary>Where who is not served goes; null is where everybody goes.</summary>
    public MaskSettings? Mask { get; init; }

    /// <summary>Bytes per second in each direction.</summary>
    public long? Rate { get; init; }
}
