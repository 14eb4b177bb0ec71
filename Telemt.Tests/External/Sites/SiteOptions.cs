namespace Telemt.Tests.External.Sites;

/// <summary>How a real web server is set up.</summary>
/// <param name="Tls13Only">Else TLS 1.2 too.</param>
/// <param name="Chain">Certificates that it sends: 1 to 3.</param>
/// <param name="Patience">Seconds that it waits for a client.</param>
internal sealed record SiteOptions(bool Tls13Only = false, bool Http2 = true, bool Ecdsa = false, int Chain = 1, int Patience = 2);
