using Telemt.Core.Settings;

namespace Telemt.Worker.Fronting;

/// <summary>A host whose flight is imitated, with the name that it is asked for.</summary>
/// <param name="Host">Name, address or a unix socket's path.</param>
/// <param name="ProxyProtocol">Version of the header that the host wants in front; 0 for none.</param>
internal sealed record MaskTarget(string Domain, string Host, int Port, int ProxyProtocol = 0)
{
    /// <summary>In the order of the domains; none while nothing is imitated.</summary>
    public static IEnumerable<MaskTarget> Of(ProxySettings settings) =>
        settings.Mask.Enabled && settings.Modes.Tls && settings.Fronting.FollowsMask
            ? settings.TlsDomains.Select(domain =>
                new MaskTarget(domain, settings.Mask.Host ?? domain, settings.Mask.Port, settings.Fronting.ProxyProtocol))
            : [];
}
