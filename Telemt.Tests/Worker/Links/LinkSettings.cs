using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using Telemt.Core.Policy;
using Telemt.Core.Routing;
using Telemt.Core.Settings;
using Telemt.Core.Users;
using Telemt.Core.Wire;

namespace Telemt.Tests.Worker.Links;

/// <summary>Settings in which only what links depend on matters.</summary>
internal static class LinkSettings
{
    public const string TeleKey = "00112233445566778899aabbccddeeff";
    public const string HelloKey = "ffeeddccbbaa99887766554433221100";

    public static ProxySettings Create() => new()
    {
        Revision = 1,
        Port = 443,
        PublicAddress = new PublicAddressSettings(null, null),
        ShowLinks = ["*"],
        TlsDomains = ["petrovich.ru"],
        Modes = new ModeSettings(false, false, true),
        Users = new UserDirectory([User("tele", TeleKey), User("hello", HelloKey)]),
        Listeners = [Listener("0.0.0.0"), Listener("::")],
        Upstreams = [],
        Mask = new MaskSettings(true, null, 443),
        Policies = new PolicyTable([], new MaskSettings(true, null, 443), adTag: null),
        PreferIpv6 = false,
        FastMode = true,
        ClientKeepalive = TimeSpan.Zero,
        ClientAckTimeout = TimeSpan.Zero,
        Dcs = new DcTable(FrozenDictionary<int, ImmutableArray<EndPoint>>.Empty, 2),
        Timeouts = new TimeoutSettings(),
        Limits = new LimitSettings(),
        Replay = new ReplaySettings(),
        MiddleProxy = new MiddleProxySettings(),
        Fronting = new FrontingSettings(),
        Logging = new LoggingSettings(),
        State = null,
    };

    public static UserSettings User(string name, string key) => new() { Name = name, Secret = new Secret(Convert.FromHexString(key)) };

    public static ListenerSettings Listener(string? address, int port = 443) =>
        new() { Address = address is null ? null : IPAddress.Parse(address), Port = port };
}
