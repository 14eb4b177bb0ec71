using System.Collections.Immutable;

namespace Telemt.Core.Routing;

/// <summary>What an edit did to the upstreams.</summary>
internal readonly record struct LedgerChange(ImmutableArray<UpstreamState> Added, ImmutableArray<UpstreamState> Draining);
