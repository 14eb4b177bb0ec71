using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;

namespace Telemt.Core.Routing;

/// <summary>Where the data centres are: PROTOCOL E's table with the operator's overrides. Immutable.</summary>
/// <param name="overrides">Addresses by DC number as the operator wrote it: host names are not resolved here.</param>
/// <param name="defaultDc">DC for an index that no table knows; 0 refuses.</param>
internal sealed class DcTable(FrozenDictionary<int, ImmutableArray<EndPoint>> overrides, int defaultDc)
{
    public int DefaultDc { get; } = defaultDc;

    public FrozenDictionary<int, ImmutableArray<EndPoint>> Overrides { get; } = overrides;
}
