using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Telemt.Core;
using Telemt.Core.Policy;
using Telemt.Core.Relay;
using Telemt.Core.Settings;
using Telemt.Tests.Fakes;
using Telemt.Worker.Transport;

namespace Telemt.Tests.Worker.Transport;

/// <summary>A loop with a listener whose connections are relayed to a socket of the test's.</summary>
internal sealed class RelayFixture : IAcceptor, IDisposable
{
    private readonly LoopGroup _loops;
    private readonly Socket _target;
    private readonly LoopListener _listener;
    private readonly List<Owner> _owners = [];

    public RelayFixture(RelayLimits? limits = null, RelayLeg? up = null, RelayLeg? down = null)
    {
        Limits = limits ?? new RelayLimits(long.MaxValue, long.MaxValue, long.MaxValue);
        (UpLeg, DownLeg) = (up, down);
        _target = Listening();
        _loops = new LoopGroup(1, TimeProvider.System, NullLogger<LoopGroup>.Instance);
        _loops.Start();
        var settings = new ListenerSettings { Address = IPAddress.Loopback, Port = FreePort() };
        var fd = ListenSocket.Open(settings, Samples.Settings(), out var error);
        Assert.That(error, Is.Zero);
        Port = settings.Port;
        _listener = new LoopListener(Loop, fd, settings, shared: false, this);
        Lanes = new LoopLanes(Loop, Shares);
        OnLoop(() => _listener.Start());
    }

    public FairShare Shares { get; } = new(loops: 1);

    public LoopLanes Lanes { get; }

    /// <summary>Whose the relay is that comes next, by its number.</summary>
    public Func<int, string> UserOf { get; set; } = static _ => "user";

    public RelayLimits Limits { get; set; }

    public RelayLeg? UpLeg { get; }

    public RelayLeg? DownLeg { get; }

    public int Port { get; }

    public EventLoop Loop => _loops.Loops[0];

    /// <summary>How the relays ended, in order.</summary>
    public IReadOnlyList<RelayEnd> Ends
    {
        get
        {
            lock (_owners)
            {
                return [.. _owners.Where(owner => owner.End != RelayEnd.None).Select(owner => owner.End)];
            }
        }
    }

    public static int FreePort()
    {
        using var probe = Listening();
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    /// <summary>A connected pair: the client's socket and what the far side sees.</summary>
    public async Task<(Socket Near, Socket Far)> ConnectAsync()
    {
        var present = Relays.Count;
        var near = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await near.ConnectAsync(IPAddress.Loopback, Port);
        var far = await _target.AcceptAsync();
        far.NoDelay = true;
        await Wait.UntilAsync(() => Relays.Count > present, "the relay");
        return (near, far);
    }

    public void OnLoop(Action action)
    {
        using var done = new ManualResetEventSlim();
        Loop.Post(_ =>
        {
            action();
            done.Set();
        }, null);
        Assert.That(done.Wait(TimeSpan.FromSeconds(10)), "the loop does not turn");
    }

    public Task EndedAsync(int count = 1) => Wait.UntilAsync(() => Ends.Count >= count, "the relay to end");

    public void OnAccepted(LoopListener listener, int fd, ClientAddress address)
    {
        var near = LoopSocket.Adopt(Loop, fd)!;
        var far = LoopSocket.BeginConnect(Loop, _target.LocalEndPoint!, out _)!;
        var owner = new Owner(this);
        owner.Relay = new Relay(near, far, UpLeg, DownLeg, Lanes.Of(UserOf(_owners.Count), rate: null, policyRate: null), owner);
        lock (_owners)
        {
            _owners.Add(owner);
        }

        _ = StartAsync(owner.Relay, far);
    }

    public bool OnDescriptorsExhausted() => false;

    public void Dispose()
    {
        OnLoop(() => _listener.Stop(isKept: false));
        _loops.Dispose();
        _target.Dispose();
    }

    public IReadOnlyList<Relay> Relays
    {
        get
        {
            lock (_owners)
            {
                return [.. _owners.Select(owner => owner.Relay!)];
            }
        }
    }

    private static async Task StartAsync(Relay relay, LoopSocket far)
    {
        var waiter = new LoopWaiter(far.Loop);
        await waiter.Writable(far, far.Loop.Now + 10_000);
        relay.Start([]);
    }

    private static Socket Listening()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen(512);
        return socket;
    }

    private sealed class Owner(RelayFixture fixture) : IRelayOwner
    {
        public Relay? Relay { get; set; }

        public RelayEnd End { get; private set; }

        public RelayLimits Limits => fixture.Limits;

        public void OnRelayEnded(RelayEnd end)
        {
            lock (fixture._owners)
            {
                End = end;
            }
        }
    }
}
