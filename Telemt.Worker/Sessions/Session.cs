using Telemt.Core;
using Telemt.Core.Gate;
using Telemt.Core.Policy;
using Telemt.Core.Routing;
using Telemt.Core.Settings;
using Telemt.Core.Wire;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Sessions;

/// <summary>
/// One connection from accept to end. Lives on its loop; nobody else touches it. Its handshake goes by the settings it was
/// accepted under, except where an edit is meant for running sessions: timeouts, and users who are gone.
/// </summary>
internal sealed class Session : IRelayOwner, IClientPath, IAdmission
{
    private readonly LoopSessions _sessions;
    private ProxySettings? _settings;
    private ListenerSettings? _listener;
    private PolicyDecision? _policy;
    private IRelay? _relay;
    private StageTimes _times;
    private UpstreamState? _upstream;

    public Session(
        LoopSessions sessions, long id, LoopSocket client, ClientAddress address, ProxySettings settings, ListenerSettings listener)
    {
        _sessions = sessions;
        Id = id;
        Client = client;
        Address = address;
        _settings = settings;
        _listener = listener;
        Waiter = new LoopWaiter(client.Loop);
        StartedAt = client.Loop.Now;
    }

    public long Id { get; }

    public LoopSocket Client { get; }

    /// <summary>The client's; on a listener with the PROXY protocol the balancer's until its header has named the client.</summary>
    public ClientAddress Address { get; private set; }

    /// <summary>Those in force at the accept. A relay needs them no more and lets them go: old revisions do not pile up behind it.</summary>
    public ProxySettings Settings => _settings ?? throw new InvalidOperationException("the handshake is over");

    /// <summary>As it was at the accept.</summary>
    public ListenerSettings Listener => _listener ?? throw new InvalidOperationException("the handshake is over");

    public EventLoop Loop => Client.Loop;

    /// <summary>Loop time of the accept.</summary>
    public long StartedAt { get; }

    public StageTimes Times => _times;

    /// <summary>Milliseconds since the accept.</summary>
    public int Age => (int)Math.Min(int.MaxValue, Loop.Now - StartedAt);

    /// <summary>What the handshake awaits; null once a relay has taken over.</summary>
    public LoopWaiter? Waiter { get; private set; }

    /// <summary>The mask host beside a connection that makes no progress, until the gate has decided.</summary>
    public SiteWatch? Watch { get; set; }

    public SessionStage Stage { get; internal set; }

    public UserSettings? User { get; private set; }

    public ClientMode Mode { get; private set; }

    /// <summary>As the client wrote it.</summary>
    public short Dc { get; private set; }

    public SessionRoute Route { get; set; }

    /// <summary>The way by which its DC was reached; null before, and of a session by a middle proxy.</summary>
    public PathState? Path { get; private set; }

    /// <summary>What the policies say of this connection, whether it is served or masked. From the gate's answer on.</summary>
    public PolicyDecision Policy => _policy ?? throw new InvalidOperationException("the gate has not decided yet");

    public Refusal Refusal { get; private set; }

    /// <summary>By which upstreams it may go: where its policy names none to fall back to, the group of that name stands in.</summary>
    public UpstreamChoice Upstreams => new(Policy.UpstreamGroup, Policy.FallbackGroup ?? UpstreamSettings.FallbackGroup);

    /// <summary>Once the gate has decided.</summary>
    public UserLane Lane => _sessions.LaneOf(this);

    public SessionEnd EndCause { get; private set; }

    /// <summary>Someone wants the place: the handshake ends with what it has.</summary>
    public bool IsEvicted => EvictedFor != Refusal.None;

    /// <summary>For whose sake.</summary>
    public Refusal EvictedFor { get; private set; }

    /// <summary>What its source holds; null while that is not known, and for the peer of a unix socket.</summary>
    public SourceCounts? Source { get; set; }

    /// <summary>Its user's, while it holds a place there.</summary>
    public UserAccount? Account { get; set; }

    /// <summary>Bytes that its user's account knows of.</summary>
    public long BytesReported { get; set; }

    /// <summary>The data centre has sent something.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>Place among those that its meter looks at regularly; -1 while it is still.</summary>
    public int MovingIndex { get; set; } = -1;

    public long BytesUp => _relay?.BytesUp ?? 0;

    public long BytesDown => _relay?.BytesDown ?? 0;

    /// <summary>Loop time at which bytes moved last; of a session that no relay carries yet, now.</summary>
    public long LastMove => _relay?.LastMove ?? Loop.Now;

    internal Session? Previous { get; set; }

    internal Session? Next { get; set; }

    internal Session? SourcePrevious { get; set; }

    internal Session? SourceNext { get; set; }

    public int SegmentSize => Client.SegmentSize;

    public RelayLimits Limits => _sessions.LimitsOf(this);

    /// <summary>Its hello is answered.</summary>
    public void Greet() => _times.Hello = Age;

    /// <summary>The balancer's header names who really connected.</summary>
    public void ComesFrom(ClientAddress client) => Address = client;

    /// <summary>The gate has decided.</summary>
    public void Decide(Refusal refusal, PolicyDecision policy)
    {
        Refusal = refusal;
        _policy = policy;
    }

    /// <summary>The client passed the gate.</summary>
    public void Admit(ReadyClient client)
    {
        User = client.User;
        Mode = client.Mode;
        Dc = client.Dc;
        _times.Admitted = Age;
        _sessions.MoveTo(this, SessionStage.Client);
    }

    /// <summary>False when somebody called the wait off.</summary>
    public async ValueTask<bool> WaitUntilAsync(long due)
    {
        while (Loop.Now < due)
        {
            // A nudge ends a wait early.
            if (await Waiter!.Until(due) == WaitResult.Cancelled)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Nothing is given yet of the new place: who made room by the last one may be asked for this one.</summary>
    public void MoveTo(SessionStage stage)
    {
        EvictedFor = Refusal.None;
        _sessions.MoveTo(this, stage);
    }

    /// <summary>From here on the relay carries the session; the handshake's state is let go.</summary>
    /// <param name="upstream">Counts it among its sessions; null of one that goes by none.</param>
    /// <param name="path">Of a DC that was dialled.</param>
    public void Run(IRelay relay, ReadOnlySpan<byte> first, UpstreamState? upstream = null, PathState? path = null)
    {
        (_upstream, Path) = (upstream, path);
        _times.Dialled = Stage == SessionStage.Client ? Age : 0;
        upstream?.BeginSession();
        _relay = relay;
        Waiter = null;
        _settings = null;
        _listener = null;
        if (EndCause == SessionEnd.None)
        {
            relay.Start(first);
        }
        else
        {
            // Cut while the dial was about to say that it is done.
            relay.End(RelayEnd.Cut);
        }
    }

    /// <summary>A client found no descriptor left for its way to the DC: a stranger gives his.</summary>
    public bool MakeRoom() => Stage == SessionStage.Client && _sessions.OnDescriptorsExhausted();

    /// <summary>Asks a stranger to make room.</summary>
    public void Evict(Refusal cause = Refusal.Evicted)
    {
        EvictedFor = cause;
        if (_relay is not null)
        {
            EndWith(SessionEnd.Evicted);
            _relay.End(RelayEnd.Cut);
        }
        else
        {
            Waiter?.Cancel();
        }
    }

    /// <summary>Ends the session from outside: an edit or a shutdown.</summary>
    public void Cut(SessionEnd cause)
    {
        EndWith(cause);
        if (_relay is not null)
        {
            _relay.End(RelayEnd.Cut);
        }
        else
        {
            Waiter?.Cancel();
        }
    }

    /// <summary>An edit changed limits: what waits looks at them again.</summary>
    public void ApplyLimits()
    {
        _relay?.ApplyLimits();
        Waiter?.Nudge();
    }

    /// <summary>Ends a session that no relay carries, or whose relay failed to start. The first cause stays.</summary>
    public void End(SessionEnd cause)
    {
        EndWith(cause);
        _relay?.End(RelayEnd.Fault);
        Client.Close();
        _sessions.OnEnded(this);
    }

    /// <summary>Nothing has moved for a while: the next byte is told of at once.</summary>
    public void BeStill()
    {
        _relay?.TellAt(BytesReported + 1);
    }

    Refusal IAdmission.Admit(UserSettings user) => _sessions.Admit(this, user);

    bool IAdmission.MayScan() => _sessions.MayScan(this);

    void IAdmission.OnScannedInVain(int users) => _sessions.OnScannedInVain(this, users);

    long IRelayOwner.OnMoved(long bytes)
    {
        var next = _sessions.OnMoved(this, bytes);
        if (IsAnswered || User is null)
        {
            return next;
        }

        if (BytesDown == 0)
        {
            return Math.Min(next, bytes + 1);
        }

        IsAnswered = true;
        _times.Answered = Age;
        _sessions.OnAnswered(this, _times.Answered - _times.Admitted);
        return next;
    }

    public void OnRelayEnded(RelayEnd end)
    {
        EndWith(end switch
        {
            RelayEnd.NearFinished => SessionEnd.ClientFinished,
            RelayEnd.FarFinished => SessionEnd.DcFinished,
            RelayEnd.NearReset => SessionEnd.ClientReset,
            RelayEnd.FarReset => SessionEnd.DcReset,
            RelayEnd.Idle => SessionEnd.Idle,
            RelayEnd.HalfOpen => SessionEnd.HalfOpen,
            RelayEnd.Total => SessionEnd.Total,
            RelayEnd.NoAnswer => SessionEnd.DcMute,
            RelayEnd.Memory => SessionEnd.Memory,
            RelayEnd.Protocol => SessionEnd.Protocol,
            RelayEnd.ClientQueue => SessionEnd.ClientQueue,
            RelayEnd.MiddleLost => SessionEnd.MiddleLost,
            _ => SessionEnd.Fault,
        });
        _upstream?.EndSession();
        _sessions.OnEnded(this);
    }

    private void EndWith(SessionEnd cause)
    {
        if (EndCause == SessionEnd.None)
        {
            EndCause = cause;
        }
    }
}
