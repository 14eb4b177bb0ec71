using System.Collections.Immutable;
using System.Collections.Frozen;
using System.Net;
using Telemt.Core;
using Telemt.Core.Fronting;
using Telemt.Core.Gate;
using Telemt.Core.Policy;
using Telemt.Core.Replay;
using Telemt.Core.Routing;
using Telemt.Core.Settings;
using Telemt.Core.Users;
using Telemt.Core.Wire;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Core.Gate;

/// <summary>A gate with two users, alice and bob, and everything around it turned by hand.</summary>
internal sealed class GateRig : IAdmission
{
    public const uint Now = 1_700_000_000;

    public static readonly byte[] Alice = Convert.FromHexString("00112233445566778899aabbccddeeff");
    public static readonly byte[] Bob = Convert.FromHexString("ffeeddccbbaa99887766554433221100");

    public ModeSettings Modes { get; init; } = new(Classic: true, Secure: true, Tls: true);

    public ImmutableArray<UserSettings> Users { get; init; } = [User("alice", Alice), User("bob", Bob)];

    public ImmutableArray<string> Domains { get; init; } = ["www.example.com"];

    public ReplaySettings Replay { get; init; } = new();

    public FrontingSettings Fronting { get; init; } = new();

    public ImmutableArray<PolicySettings> Policies { get; init; } = [];

    public MaskSettings Mask { get; init; } = new(true, null, 443);

    public Func<UserSettings, Refusal>? Admits { get; init; }

    public bool MayScan { get; set; } = true;

    /// <summary>Users of the scans that found nobody.</summary>
    public List<int> ScannedInVain { get; } = [];

    public FlightProfile? Flight { get; init; }

    public ManualTimeProvider Clock { get; init; } = new(DateTimeOffset.FromUnixTimeSeconds(Now));

    public GateContext Context => field ??= new GateContext
    {
        Settings = Settings(),
        Replay = new ReplayWindow(1024, Clock, new SeededRandom(1)),
        Clock = Clock,
        Random = new SeededRandom(2),
        Flights = new FixedProfile(Flight ?? FlightProfile.Typical(new SeededRandom(3))),
    };

    public static UserSettings User(string name, byte[] secret) => new() { Name = name, Secret = new Secret(secret) };

    /// <summary>A good hello of alice's, another one for each seed.</summary>
    public static byte[] Hello(int seed = 1) => new TestHello().Signed(Alice, Now, seed);

    /// <summary>What a client sends behind our ServerHello: a ChangeCipherSpec and a record that begins with its header.</summary>
    public static byte[] InnerFlight(byte[] header, int more = 20)
        => [0x14, 3, 3, 0, 1, 1, 0x17, 3, 3, 0, (byte)(header.Length + more), .. header, .. new byte[more]];

    public ClientGate Gate(int likely = -1, ClientAddress source = default) => new(Context, likely, source, admission: this);

    Refusal IAdmission.Admit(UserSettings user) => Admits?.Invoke(user) ?? Refusal.None;

    bool IAdmission.MayScan() => MayScan;

    void IAdmission.OnScannedInVain(int users) => ScannedInVain.Add(users);

    /// <summary>A gate that has answered a hello of alice's.</summary>
    public ClientGate Answered(int seed = 1)
    {
        var gate = Gate();
        Assert.That(gate.Step(Hello(seed)).Action, Is.EqualTo(GateAction.Write));
        return gate;
    }

    private ProxySettings Settings() => new()
    {
        Revision = 1,
        Port = 443,
        PublicAddress = new PublicAddressSettings(null, null),
        ShowLinks = [],
        TlsDomains = Domains,
        Modes = Modes,
        Users = new UserDirectory(Users),
        Listeners = [],
        Upstreams = [],
        Mask = Mask,
        Policies = new PolicyTable(Policies, Mask, adTag: null),
        PreferIpv6 = false,
        FastMode = true,
        ClientKeepalive = TimeSpan.Zero,
        ClientAckTimeout = TimeSpan.Zero,
        Dcs = new DcTable(FrozenDictionary<int, ImmutableArray<EndPoint>>.Empty, 2),
        Timeouts = new TimeoutSettings(),
        Limits = new LimitSettings(),
        Replay = Replay,
        MiddleProxy = new MiddleProxySettings(),
        Fronting = Fronting,
        Logging = new LoggingSettings(),
        State = null,
    };
}
