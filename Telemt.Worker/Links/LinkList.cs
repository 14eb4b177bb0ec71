using System.Net.Sockets;
using Telemt.Core.Settings;
using Telemt.Core.Status;
using Telemt.Core.Wire;

namespace Telemt.Worker.Links;

/// <summary>Which links there are: for each user, enabled mode, domain and listener.</summary>
internal static class LinkList
{
    /// <summary>Stands in a link until the public address is known; as it is, nothing opens it.</summary>
    public const string Placeholder = "YOUR_SERVER_ADDRESS";

    /// <summary>Names in show_links that mean everyone.</summary>
    private const string Everyone = "*";

    /// <summary>Links of the users that show_links names, in the order of the users table.</summary>
    public static IEnumerable<UserLink> Shown(ProxySettings settings, PublicAddresses addresses)
    {
        var all = settings.ShowLinks.Contains(Everyone);
        return For(settings, addresses, settings.Users.Users.Where(user => all || settings.ShowLinks.Contains(user.Name)));
    }

    /// <summary>Links of <paramref name="users"/>; those who are switched off have none.</summary>
    public static IEnumerable<UserLink> For(ProxySettings settings, PublicAddresses addresses, IEnumerable<UserSettings> users)
    {
        var servers = Servers(settings, addresses).ToArray();
        foreach (var user in users.Where(user => user.Enabled))
        {
            foreach (var secret in Secrets(settings, user))
            {
                foreach (var (host, port) in servers)
                {
                    yield return new UserLink(user.Name, secret.Mode, secret.Domain, new ProxyLink(host, port, secret));
                }
            }
        }
    }

    /// <summary>True when the link to some listener names the public IPv4 address, or would if it were known.</summary>
    public static bool DependsOnPublicAddress(ProxySettings settings) => settings.Listeners.Any(listener =>
        listener is { Announce: null, AnnounceIp: null, Address: { } own } && !PublicRange.Contains(own));

    /// <summary>
    /// Where clients find the listeners, each place once. An address that is not known leaves its listener out as long as another one
    /// can be named; a unix socket is behind somebody else's listener and is named by its announce only.
    /// </summary>
    internal static IEnumerable<(string Host, int Port)> Servers(ProxySettings settings, PublicAddresses addresses)
    {
        var named = settings.Listeners
            .Select(listener => (Host: Host(listener, addresses), listener.Port))
            .Where(server => server.Host is not null)
            .Select(server => (server.Host!, server.Port))
            .Distinct()
            .ToArray();
        return named.Length > 0
            ? named
            : settings.Listeners.Where(listener => listener.UnixPath is null).Select(listener => (Placeholder, listener.Port)).Distinct();
    }

    private static string? Host(ListenerSettings listener, PublicAddresses addresses) => listener switch
    {
        { Announce: { } name } => name,
        { AnnounceIp: { } announced } => announced.ToString(),
        { Address: null } => null,
        { Address: var own } when PublicRange.Contains(own) => own.ToString(),
        { Address.AddressFamily: AddressFamily.InterNetwork } => addresses.V4?.ToString(),
        _ => addresses.V6?.ToString(),
    };

    private static IEnumerable<ClientSecret> Secrets(ProxySettings settings, UserSettings user)
    {
        if (settings.Modes.Classic)
        {
            yield return ClientSecret.Classic(user.Secret);
        }

        if (settings.Modes.Secure)
        {
            yield return ClientSecret.Secure(user.Secret);
        }

        foreach (var domain in settings.Modes.Tls ? settings.TlsDomains : [])
        {
            yield return ClientSecret.Tls(user.Secret, domain);
        }
    }
}
