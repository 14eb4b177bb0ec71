using System.Collections.Immutable;
using System.Net;

namespace Telemt.Worker.Configuration;

/// <summary>Addresses that the operator gave for a DC.</summary>
/// <param name="Origin">Place of the number.</param>
internal sealed record DcOverrideOptions(int Dc, Origin Origin, ImmutableArray<EndPoint> EndPoints);
