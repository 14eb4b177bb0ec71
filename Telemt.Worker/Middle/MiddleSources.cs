using System.Collections.Immutable;
using Telemt.Core.Status;

namespace Telemt.Worker.Middle;

/// <summary>Where the secret and the lists came from, for the status. Immutable.</summary>
/// <param name="ClockError">This host's clock less that of the last web server asked.</param>
internal sealed record MiddleSources(ImmutableArray<MiddleSourceStatus> Status, TimeSpan? ClockError)
{
    public static readonly MiddleSources None = new([], null);
}
