using System.Net;

namespace Telemt.Worker.Links;

/// <summary>Asks somebody outside which address this host is seen under.</summary>
internal interface IAddressLookup
{
    /// <param name="url">Whom to ask; null means the built-in ones, over IPv4.</param>
    /// <returns>A public address, or null when nobody gave one.</returns>
    Task<IPAddress?> FindAsync(Uri? url, CancellationToken cancellationToken);
}
