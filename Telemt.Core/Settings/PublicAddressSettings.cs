using System.Net;

namespace Telemt.Core.Settings;

/// <summary>How the address in links is found: given, or looked up.</summary>
/// <param name="Address">The address itself, when the operator gave one.</param>
/// <param name="LookupUrl">A URL that answers with our address; null with "auto" means the built-in ones.</param>
internal sealed record PublicAddressSettings(IPAddress? Address, Uri? LookupUrl);
