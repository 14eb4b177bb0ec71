using System.Collections.Immutable;
using Telemt.Core.Settings;

namespace Telemt.Worker.Middle;

/// <summary>Fetches the secret and the lists.</summary>
internal interface IMiddleDownload
{
    /// <param name="upstreams">Ways to try when the direct one does not lead there.</param>
    /// <param name="most">Longest answer.</param>
    Task<MiddleAnswer> GetAsync(Uri url, ImmutableArray<UpstreamSettings> upstreams, int most, CancellationToken cancellationToken);
}

/// <summary>What came of a download.</summary>
/// <param name="Bytes">Null when nothing was had: <paramref name="Problem"/> says why.</param>
/// <param name="Date">What the web server's clock says.</param>
internal sealed record MiddleAnswer(byte[]? Bytes, DateTimeOffset? Date, string? Problem);
