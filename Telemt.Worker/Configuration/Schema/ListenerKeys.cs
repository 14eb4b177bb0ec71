using System.Collections.Immutable;
using System.Net;
using static Telemt.Worker.Configuration.Schema.SessionEffect;

namespace Telemt.Worker.Configuration.Schema;

/// <summary>The keys of a [[listeners]] table.</summary>
internal static class ListenerKeys
{
    public static readonly ConfigurationKey<BindTarget?> Ip = new("listeners.ip", new BindTargetReader(), null, Stay);
    public static readonly ConfigurationKey<int?> Port = new("listeners.port", Readers.Optional(Readers.Port), null, Stay);

    public static readonly ConfigurationKey<string?> Interface =
        new("listeners.interface", new TextReader("the name of a device", 15), null, Stay);

    public static readonly ConfigurationKey<IPAddress?> AnnounceIp = new("listeners.announce_ip", Readers.Address, null, None);
    public static readonly ConfigurationKey<string?> Announce = new("listeners.announce", Readers.HostName, null, None);
    public static readonly ConfigurationKey<bool> ProxyProtocol = new("listeners.proxy_protocol", Readers.Flag, false, New);

    public static readonly ConfigurationKey<ImmutableArray<IPNetwork>> Trusted =
        new("listeners.trusted", Readers.Networks, [], New);
}
