using System.Collections.Immutable;
using System.Net;
using Telemt.Core.Policy;
using Telemt.Core.Routing;
using Telemt.Core.Settings;
using Telemt.Core.Users;
using Telemt.Core.Wire;

namespace Telemt.Tests.Worker;

/// <summary>Settings for tests that need some.</summary>
internal static class Samples
{
    public static readonly Secret Secret = new(Convert.FromHexString("00112233445566778899aabbccddeeff"));

    public static UserSettings User(string name = "tele", Secret? secret = null) => new() { Name = name, Secret = secret ?? Secret };

    public static ProxySettings Settings(params UserSettings[] users) => new()
    {
        Revision = 1,
        Port = 443,
        PublicAddress = new PublicAddressSettings(null, null),
        ShowLinks = [],
        TlsDomains = ["example.com"],
        Modes = new ModeSettings(Classic: true, Secure: true, Tls: true),
        Users = new UserDirectory(users.Length == 0 ? [User()] : [.. users]),
        Listeners = [],
        Upstreams = [],
        Mask = new MaskSettings(Enabled: false, Host: null, Port: 443),
        Policies = new PolicyTable([], new MaskSettings(Enabled: false, Host: null, Port: 443), adTag: null),
        PreferIpv6 = false,
        FastMode = true,
        ClientKeepalive = TimeSpan.FromSeconds(60),
        ClientAckTimeout = TimeSpan.FromSeconds(300),
        Dcs = new DcTable(ImmutableDictionary<int, ImmutableArray<EndPoint>>.Empty, 2),
        Timeouts = new TimeoutSettings(),
        Limits = new LimitSettings(),
        Replay = new ReplaySettings(),
        MiddleProxy = new MiddleProxySettings(),
        Fronting = new FrontingSettings(),
        Logging = new LoggingSettings(),
        State = null,
    };
}
