using Telemt.Core.Status;
using Telemt.Core.Wire;

namespace Telemt.Worker.Links;

/// <summary>One way in for one user.</summary>
/// <param name="Domain">The SNI name of fake TLS; empty in the other modes.</param>
internal sealed record UserLink(string User, ClientMode Mode, string Domain, ProxyLink Link);
