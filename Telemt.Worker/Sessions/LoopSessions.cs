using Telemt.Core;
using Telemt.Core.Fronting;
using Telemt.Core.Gate;
using Telemt.Core.Policy;
using Telemt.Core.Settings;
using Telemt.Core.Status;
using Telemt.Core.Users;
using Telemt.Worker.State;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Sessions;

/// <summary>
/// The sessions of one loop: takes connections in, makes room when there is none, and applies edits. Everything here runs on the loop's
/// thread; counts may be read from anywhere.
/// </summary>
internal sealed class LoopSessions : LoopTimer, IAcceptor
{
    private const int HousekeepingMilliseconds = 1000;

    /// <summary>What a silent stranger gets while strangers are many.</summary>
    private const long CrowdedFirstByte = 10_000;

    private readonly EventLoop _loop;
    private readonly ConnectionHandler _handler;
    private readonly TimeProvider _clock;
    private readonly Crowd _crowd;
    private readonly TrafficMeter _meter;
    private readonly LoopLanes _lanes;
    private readonly ScanBudget _scans = new();
    private readonly SourceQueues _strangersOf = new();
    private readonly SourceQueues _maskedOf = new();
    private readonly SessionList[] _stages = [new(), new(), new()];
    private readonly Dictionary<string, long> _endedBytes = new(StringComparer.Ordinal);
    private SessionLimits _limits;
    private long _lastId;
    private bool _stopping;

    public LoopSessions(
        EventLoop loop, ConnectionHandler handler, Crowd crowd, TrafficSignal traffic, TimeProvider clock, ProxySettings settings, SessionLimits limits)
    {
        _loop = loop;
        _handler = handler;
        _crowd = crowd;
        _lanes = new LoopLanes(loop, crowd.Shares);
        _meter = new TrafficMeter(loop, clock, traffic, CutWhoSpent);
        _clock = clock;
        _limits = limits;
        Settings = settings;
        _loop.Buffers.Budget = limits.Memory;
        _loop.DescriptorCeiling = limits.DescriptorCeiling;
        _lastId = (long)loop.Index << 48;
    }

    public EventLoop Loop => _loop;

    /// <summary>The settings in force: new connections capture them, timeouts of running ones follow them.</summary>
    public ProxySettings Settings { get; private set; }

    public SessionCounters Counters { get; } = new();

    /// <summary>How the loop's clients fare. Loop thread only.</summary>
    public ClientExperience Experience { get; } = new();

    /// <summary>Who was not let in, and what hellos look like. Loop thread only.</summary>
    public StrangerReport Strangers { get; } = new();

    public int CountOf(SessionStage stage) => _stages[(int)stage].Count;

    /// <summary>Strangers are so many that silent ones get ten seconds.</summary>
    public bool IsCrowded => _crowd.CountOf(SessionStage.Stranger) > _limits.CrowdedHandshakes;

    public void OnAccepted(LoopListener listener, int fd, ClientAddress address)
    {
        Counters.Accepted++;
        if (_stopping || !HasRoom())
        {
            _ = Libc.Close(fd);
            return;
        }

        if (LoopSocket.Adopt(_loop, fd) is not { } socket)
        {
            _crowd.Remove();
            return;
        }

        var session = new Session(this, ++_lastId, socket, address, Settings, listener.Settings);
        _stages[(int)SessionStage.Stranger].Add(session);
        _crowd.Enter(SessionStage.Stranger);
        LookSoonIfCrowded();
        if (!listener.Settings.ProxyProtocol)
        {
            Locate(session);
        }

        _ = _handler.ServeAsync(session, this);
    }

    /// <summary>It is known where the session comes from: it counts for that source from now on, whose oldest stranger may have to go.</summary>
    public void Locate(Session session)
    {
        if (!session.Address.IsKnown)
        {
            return;
        }

        var source = session.Source = _crowd.Sources.Enter(session.Address.SourceKey);
        source.AddStranger();
        _strangersOf.Add(session);
        if (ExceededBy(source) is var cause and not Refusal.None)
        {
            MakeRoomOf(source, cause, session);
        }
    }

    /// <summary>Takes a place for the user's session, by the limits of today, or says why there is none.</summary>
    public Refusal Admit(Session session, UserSettings user)
    {
        if (session.Source?.TryAddClient(Settings.Limits.MaxPerIp) == false)
        {
            return Refusal.SourceConnections;
        }

        var account = _crowd.Accounts.Of(user.Name);
        var refusal = account.Enter(Settings.Users.FindByName(user.Name) ?? user, session.Address);
        if (refusal == Refusal.None)
        {
            session.Account = account;
        }
        else
        {
            session.Source?.RemoveClient();
        }

        return refusal;
    }

    public bool MayScan(Session session) => !session.Address.IsKnown || _scans.HasLeft(session.Address.SourceKey, _loop.Now);

    public void OnScannedInVain(Session session, int users)
    {
        if (session.Address.IsKnown)
        {
            _scans.Charge(session.Address.SourceKey, users, _loop.Now);
        }
    }

    /// <summary>The session's relay has moved so many bytes. Returns at how many it is to say so again.</summary>
    public long OnMoved(Session session, long bytes) => session is { Account: not null, User: { } user }
        ? _meter.Note(session, Settings.Users.FindByName(user.Name) ?? user, bytes)
        : long.MaxValue;

    /// <summary>The gate has decided.</summary>
    /// <param name="bytes">All that came, or what came behind our answer.</param>
    public void Note(Session session, ClientGate gate, ReadOnlySpan<byte> bytes)
    {
        if (gate.ClockBehind is { } behind)
        {
            Experience.Skews.Add(behind);
        }

        if (gate.Ja4 is { } print)
        {
            (gate.Group != 0 ? Strangers.Accepted : Strangers.Refused).Add(print, _clock.GetUtcNow());
        }

        if (gate.Group != 0)
        {
            Counters.CountFlight(KeyGroups.Of(gate.Group), isAbandoned: bytes.IsEmpty && session.Refusal is Refusal.Ended or Refusal.Stalled);
        }

        if (session.Refusal != Refusal.None)
        {
            NoteRefusal(session, bytes, gate.IsOurSni && gate.Ja4 is ['t', '1', '3', ..]);
        }
    }

    /// <param name="isForUs">It was a whole hello with TLS 1.3 for one of our names.</param>
    public void NoteRefusal(Session session, ReadOnlySpan<byte> bytes, bool isForUs)
    {
        var looks = StrangerClasses.Of(session.Refusal, bytes, isForUs);
        var network = Settings.Logging.ClientIps == ClientIps.None ? NetworkPrefix.Other : NetworkPrefix.OfSite(session.Address);
        Counters.Count(looks);
        Strangers.Sources.Add(new StrangerReport.Source(looks, network), _clock.GetUtcNow());
    }

    /// <summary>The first byte of the session's data centre.</summary>
    /// <param name="milliseconds">Since the handshake.</param>
    public void OnAnswered(Session session, long milliseconds)
    {
        ExperienceOf(session).FirstAnswer.Add(milliseconds);
        _handler.OnAnswered(session, milliseconds);
    }

    /// <summary>Where the session takes its turns, and what rates hold it: its user's, or that of all strangers.</summary>
    public UserLane LaneOf(Session session) => _lanes.Of(
        session.User?.Name,
        session.User is { } user ? (Settings.Users.FindByName(user.Name) ?? user).Rate : null,
        session.Policy.Rate);

    /// <summary>Who came from this address lately, as far as the settings still know them.</summary>
    public Likely LikelyUsersOf(Session session) => _crowd.Likely.Find(session.Address.SourceKey, session.Settings.Users);

    public void Remember(Session session, int user) => _crowd.Likely.Remember(session.Address.SourceKey, session.Settings.Users, user);

    /// <summary>
    /// Whether the settings in force still have this user with this secret: a handshake goes by the settings of its accept, and an edit
    /// may have come in between.
    /// </summary>
    public bool Serves(UserSettings user) =>
        Settings.Users.FindByName(user.Name) is { Enabled: true } present
        && present.Secret.Equals(user.Secret)
        && !(present.Expires <= _clock.GetUtcNow())
        && !_crowd.Accounts.Of(present.Name).HasSpent(present);

    public bool OnDescriptorsExhausted() => _loop.Pipes.Trim() || MakeRoom(descriptors: true);

    /// <summary>Milliseconds that a connection may stay without a byte.</summary>
    public long FirstByteLimit()
    {
        var limit = RelayLimits.Milliseconds(Settings.Timeouts.FirstByte);
        return IsCrowded ? Math.Min(limit, CrowdedFirstByte) : limit;
    }

    public RelayLimits LimitsOf(Session session)
    {
        var timeouts = Settings.Timeouts;
        return session.Stage == SessionStage.Masked
            ? new RelayLimits(
                RelayLimits.Milliseconds(timeouts.MaskIdle),
                RelayLimits.Milliseconds(timeouts.MaskIdle),
                RelayLimits.Milliseconds(timeouts.MaskTotal))
            : new RelayLimits(
                RelayLimits.Milliseconds(timeouts.Idle),
                RelayLimits.Milliseconds(timeouts.HalfOpen),
                long.MaxValue,
                RelayLimits.Milliseconds(timeouts.FirstAnswer));
    }

    public void MoveTo(Session session, SessionStage stage)
    {
        LeaveStage(session);
        session.Stage = stage;
        _stages[(int)stage].Add(session);
        _crowd.Enter(stage);
        if (stage == SessionStage.Masked && session.Source is not null)
        {
            _maskedOf.Add(session);
        }

        switch (stage)
        {
            case SessionStage.Client:
                Counters.Admitted++;
                Counters.Count(session.Mode);
                break;
            case SessionStage.Masked:
                Counters.Masked++;
                break;
        }
    }

    public void OnEnded(Session session)
    {
        if (session.Stage == SessionStage.Ended)
        {
            return;
        }

        LeaveStage(session);
        var stage = session.Stage;
        session.Stage = SessionStage.Ended;
        GiveBack(session);
        Counters.Count(session.EndCause);
        if (session.Refusal != Refusal.None)
        {
            Counters.Count(session.Refusal);
        }

        if (stage == SessionStage.Client)
        {
            Counters.BytesUp += session.BytesUp;
            Counters.BytesDown += session.BytesDown;
            CountEnded(session);
            NoteEnd(session);
        }

        _handler.OnEnded(session, stage);
    }

    /// <summary>An edit came into force.</summary>
    public void Apply(ProxySettings settings, SessionLimits limits)
    {
        Settings = settings;
        _limits = limits;
        _loop.Buffers.Budget = limits.Memory;
        _loop.DescriptorCeiling = limits.DescriptorCeiling;
        CutUsersWhoAreGone();
        foreach (var stage in _stages)
        {
            ForEach(stage, static session => session.ApplyLimits());
        }

        _lanes.Apply(settings.Users);
        ScheduleExpiry();
    }

    /// <summary>From here on nobody comes in, and who has not been identified goes.</summary>
    public void BeginStop()
    {
        _stopping = true;
        ForEach(_stages[(int)SessionStage.Stranger], static session => session.Cut(SessionEnd.Shutdown));
        ForEach(_stages[(int)SessionStage.Masked], static session => session.Cut(SessionEnd.Shutdown));
    }

    /// <summary>Ends the clients who are not in the middle of anything.</summary>
    public void CutQuiet(long milliseconds)
    {
        var since = _loop.Now - milliseconds;
        ForEach(_stages[(int)SessionStage.Client], session =>
        {
            if (session.LastMove <= since)
            {
                session.Cut(SessionEnd.Shutdown);
            }
        });
    }

    public void CutAll()
    {
        foreach (var stage in _stages)
        {
            ForEach(stage, static session => session.Cut(SessionEnd.Shutdown));
        }
    }

    /// <summary>Bytes of running and ended clients. Loop thread only.</summary>
    public (long Up, long Down) TotalBytes()
    {
        var (up, down) = (Counters.BytesUp, Counters.BytesDown);
        for (var session = _stages[(int)SessionStage.Client].First; session is not null; session = session.Next)
        {
            up += session.BytesUp;
            down += session.BytesDown;
        }

        return (up, down);
    }

    /// <summary>Adds each user's running sessions, their sources, and the bytes of all his sessions. Loop thread only.</summary>
    public void AddFigures(Dictionary<string, UserFigure> figures)
    {
        foreach (var (name, bytes) in _endedBytes)
        {
            UserFigure.Of(figures, name).Bytes += bytes;
        }

        for (var session = _stages[(int)SessionStage.Client].First; session is not null; session = session.Next)
        {
            if (session.User is { } user)
            {
                UserFigure.Of(figures, user.Name).Add(session.Address, session.BytesUp + session.BytesDown);
            }
        }
    }

    protected internal override void OnTimer()
    {
        CutUsersWhoAreGone();
        if (IsCrowded)
        {
            HurrySilentStrangers();
        }

        ScheduleExpiry();
        LookSoonIfCrowded();
    }

    private ClientExperience.Row ExperienceOf(Session session) => Experience.For(
        session.Mode,
        session.Dc,
        Settings.Logging.ClientIps == ClientIps.None ? NetworkPrefix.Other : NetworkPrefix.OfProvider(session.Address),
        _loop.Now);

    private void NoteEnd(Session session)
    {
        var row = ExperienceOf(session);
        row.Sessions++;
        row.Unanswered += session.IsAnswered || session.EndCause is SessionEnd.UserGone or SessionEnd.Shutdown ? 0 : 1;
        row.Stalled += session.EndCause is SessionEnd.Memory or SessionEnd.ClientQueue ? 1 : 0;
    }

    /// <summary>By names that the operator wrote, so that no stranger makes the table grow.</summary>
    private void CountEnded(Session session)
    {
        if (session.User is { } user)
        {
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_endedBytes, user.Name, out _) += session.BytesUp + session.BytesDown;
        }
    }

    /// <summary>Takes a place for one more connection, somebody else's if need be.</summary>
    private bool HasRoom()
    {
        if (!_crowd.TryAdd(_limits.Connections))
        {
            if (!MakeRoom(descriptors: true))
            {
                if (_crowd.CountOf(SessionStage.Client) >= _limits.Connections)
                {
                    Counters.Count(Refusal.ServerFull);
                    return false;
                }

                _crowd.AskOthers(this, static loop => loop._crowd.Total <= loop._limits.Connections || loop.MakeRoom(descriptors: true));
            }

            _crowd.Add();
        }

        if (_crowd.CountOf(SessionStage.Stranger) >= _limits.Handshakes && !MakeRoom(descriptors: false))
        {
            _crowd.AskOthers(
                this, static loop => loop._crowd.CountOf(SessionStage.Stranger) <= loop._limits.Handshakes || loop.MakeRoom(descriptors: false));
        }

        return true;
    }

    private Refusal ExceededBy(SourceCounts source)
    {
        var limits = Settings.Limits;
        return limits.MaxHandshakesPerIp > 0 && source.Strangers > limits.MaxHandshakesPerIp ? Refusal.SourceHandshakes
            : limits.MaxPerIp > 0 && source.Connections > limits.MaxPerIp ? Refusal.SourceConnections
            : Refusal.None;
    }

    /// <summary>
    /// The oldest of a source makes room for another of it: at the limit of its handshakes a stranger, who sees the site; at that of its
    /// connections first one who sees the site already. Its clients stay.
    /// </summary>
    private bool MakeRoomOf(SourceCounts source, Refusal cause, Session? newest)
    {
        var oldest = (cause == Refusal.SourceConnections ? _maskedOf.Oldest(source.Source, newest) : null)
            ?? _strangersOf.Oldest(source.Source, newest);
        if (oldest is not null)
        {
            Counters.Evicted++;
            oldest.Evict(cause);
            return true;
        }

        if (newest is not null)
        {
            _crowd.AskOthers(this, loop => loop.ExceededBy(source) != cause || loop.MakeRoomOf(source, cause, newest: null));
        }

        return false;
    }

    /// <summary>
    /// The oldest connection that has not shown what it is goes first: to the mask host, or closed when descriptors are what is short;
    /// then the oldest that is handed through. Clients are never ended for a stranger's sake.
    /// </summary>
    private bool MakeRoom(bool descriptors)
    {
        var oldest = Oldest(SessionStage.Stranger, descriptors) ?? (descriptors ? Oldest(SessionStage.Masked, descriptors) : null);
        if (oldest is null)
        {
            return false;
        }

        Counters.Evicted++;
        if (descriptors)
        {
            // The descriptor is needed now, not after the event: the handshake finds its socket closed.
            oldest.Client.Close();
        }

        oldest.Evict();
        return true;
    }

    /// <summary>The first who has anything left to give: one asked before leaves the list only once his handshake goes on.</summary>
    private Session? Oldest(SessionStage stage, bool descriptors)
    {
        var session = _stages[(int)stage].First;
        while (session is not null && (descriptors ? session.Client.IsClosed : session.IsEvicted))
        {
            session = session.Next;
        }

        return session;
    }

    /// <summary>The timer may be armed for something that is far away.</summary>
    private void LookSoonIfCrowded()
    {
        var soon = _loop.Now + HousekeepingMilliseconds;
        if (IsCrowded && (HeapPosition == 0 || Due > soon))
        {
            _loop.Timers.Arm(this, soon);
        }
    }

    private void CutUsersWhoAreGone() =>
        ForEach(_stages[(int)SessionStage.Client], session =>
        {
            if (session.User is { } user && !Serves(user))
            {
                session.Cut(EndOf(user));
            }
        });

    /// <summary>The first session that finds its user's quota spent ends him on every loop.</summary>
    private void CutWhoSpent(UserAccount account)
    {
        if (account.TryTellSpent())
        {
            _crowd.TellAll(static loop => loop.CutUsersWhoAreGone());
        }
    }

    private SessionEnd EndOf(UserSettings user) =>
        Settings.Users.FindByName(user.Name) is { } present && _crowd.Accounts.Of(user.Name).HasSpent(present)
            ? SessionEnd.Quota
            : SessionEnd.UserGone;

    private void LeaveStage(Session session)
    {
        _stages[(int)session.Stage].Remove(session);
        _crowd.Leave(session.Stage);
        switch (session.Stage)
        {
            case SessionStage.Stranger when session.Source is { } source:
                _strangersOf.Remove(session);
                source.RemoveStranger();
                break;
            case SessionStage.Masked when session.Source is not null:
                _maskedOf.Remove(session);
                break;
        }
    }

    /// <summary>All that an ended session held of what others may have now.</summary>
    private void GiveBack(Session session)
    {
        _crowd.Remove();
        if (session.Account is { } account)
        {
            _meter.Finish(session);
            account.Leave(session.Address);
            session.Source?.RemoveClient();
        }

        if (session.Source is { } source)
        {
            _crowd.Sources.Leave(source);
        }
    }

    private void HurrySilentStrangers()
    {
        var since = _loop.Now - CrowdedFirstByte;
        ForEach(_stages[(int)SessionStage.Stranger], session =>
        {
            if (session.StartedAt <= since)
            {
                session.Waiter?.Nudge();
            }
        });
    }

    private void ScheduleExpiry()
    {
        var now = _clock.GetUtcNow();
        var next = DateTimeOffset.MaxValue;
        foreach (var user in Settings.Users.Users)
        {
            if (user.Expires is { } expires && expires > now && expires < next)
            {
                next = expires;
            }
        }

        if (next != DateTimeOffset.MaxValue)
        {
            _loop.Timers.Arm(this, _loop.Now + (long)Math.Min((next - now).TotalMilliseconds + 1, int.MaxValue));
        }
    }

    private static void ForEach(SessionList list, Action<Session> action)
    {
        for (var session = list.First; session is not null;)
        {
            var next = session.Next;
            action(session);
            session = next;
        }
    }
}
