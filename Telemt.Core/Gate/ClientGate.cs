using System.Diagnostics;
using Telemt.Core.Policy;
using Telemt.Core.Settings;
using Telemt.Core.Users;
using Telemt.Core.Wire;

namespace Telemt.Core.Gate;

/// <summary>
/// Decides who a connection is from its first bytes, and what it gets to see (PROTOCOL C.1, D). Bytes and time in, decisions out;
/// one per connection, not for two threads. The caller keeps the bytes of the phase, feeds all of them with each
/// <see cref="Step"/> and turns to <see cref="End"/> or <see cref="Expire"/> when no more come. Once the answer is Ready, Mask or
/// Drop the gate is done and must not be asked again.
/// <para>
/// Until our ServerHello is out a refusal is Mask: the mask host sees the raw bytes and answers as itself. Behind it a refusal is
/// Drop. The replay window is asked behind all checks that hold whatever others do: only who is authentic and may come in enters it,
/// so that strangers cannot fill it. The limits that depend on what others hold come behind it, so that a recorded hello takes no place.
/// </para>
/// </summary>
internal sealed partial class ClientGate
{
    /// <summary>Most bytes that a phase can hold before the gate decides: what a caller must be able to keep.</summary>
    public const int MaxPhaseBytes = HelloFrame.MaxWireLength;

    /// <summary>What an encrypted alert takes: level, description, inner type and the tag of the cipher.</summary>
    private const int EncryptedAlertSize = 2 + 1 + 16;

    /// <summary>
    /// Users tried for a hello before the loop's other sessions have their turn: 50 µs. With twice as many, 50 bogus hellos a second made
    /// the p99 of others' round trips 2.2 times as long.
    /// </summary>
    private const int HelloUsersPerStep = 128;

    /// <summary>The same for a header, which is tried in a quarter of the time.</summary>
    private const int HeaderUsersPerStep = 512;

    private readonly GateContext _context;
    private readonly ModeSettings _modes;
    private readonly Likely _likely;
    private readonly ClientAddress _source;
    private readonly IClientPath? _path;
    private readonly IAdmission? _admission;
    private bool _hasBytes;
    private PolicyDecision? _policy;
    private HelloScan _helloScan;
    private HeaderScan _headerScan;
    private bool _isScanning;

    /// <param name="context">Shared with the other gates of this revision.</param>
    /// <param name="likely">Who is tried first, such as the last ones from this address.</param>
    /// <param name="source">Where the connection comes from.</param>
    /// <param name="path">Asked when the answer depends on it.</param>
    /// <param name="admission">Knows what others hold; null has room for everybody.</param>
    public ClientGate(
        GateContext context, Likely likely = default, ClientAddress source = default, IClientPath? path = null, IAdmission? admission = null)
    {
        _context = context;
        _modes = context.Settings.Modes;
        _likely = likely;
        _source = source;
        _path = path;
        _admission = admission;
    }

    public GateState State { get; private set; }

    /// <summary>Known from <see cref="GateState.Identified"/> on, and kept when the user is refused.</summary>
    public UserSettings? User { get; private set; }

    /// <summary>Index of <see cref="User"/> in the settings' directory: the next gate's likeliest. -1 while not known.</summary>
    public int UserIndex { get; private set; } = -1;

    /// <summary>Known from <see cref="GateState.Identified"/> on.</summary>
    public ClientMode? Mode { get; private set; }

    /// <summary>The server name of a whole hello, authentic or not: printable ASCII in lower case, at most 255 characters.</summary>
    public string? SniText { get; private set; }

    /// <summary>True when <see cref="SniText"/> is one of our domains.</summary>
    public bool IsOurSni { get; private set; }

    /// <summary>
    /// What the policies say: final once Ready. For who is refused it names his mask, by nothing that a secret gives away unless a policy
    /// itself is the reason.
    /// </summary>
    public PolicyDecision Policy => _policy ?? _context.Settings.Policies.ForStranger(SniText, _source);

    /// <summary>What the client offers: its <see cref="Fronting.HelloPrint"/>, of a whole hello, authentic or not; else 0.</summary>
    public ulong Print { get; private set; }

    /// <summary>The <see cref="Fronting.Ja4"/> of a whole hello, authentic or not.</summary>
    public string? Ja4 { get; private set; }

    /// <summary>Seconds by which the clock of a client with a right digest is behind ours; null where a hello tells none.</summary>
    public long? ClockBehind { get; private set; }

    /// <summary>Of the key in our ServerHello; 0 while there is none.</summary>
    public ushort Group { get; private set; }

    private bool ServesOutsideTls => _modes.Classic || _modes.Secure;

    private bool IsDone => State is GateState.Ready or GateState.Refused;

    /// <param name="bytes">All bytes of the phase: since accept, or since our ServerHello.</param>
    public GateStep Step(ReadOnlySpan<byte> bytes)
    {
        _hasBytes |= !bytes.IsEmpty;
        return State switch
        {
            GateState.Start => Start(bytes),
            GateState.TlsHello => TlsHello(bytes),
            GateState.Header64 => Header64(bytes),
            GateState.InnerHeader => InnerHeader(bytes),
            _ => throw Done(),
        };
    }

    /// <summary>The client ended its direction, and what it sent decides nothing.</summary>
    public GateStep End() => IsDone ? throw Done() : Refuse(Refusal.Ended);

    /// <summary>The time of the phase ran out, or the mask host has answered what came so far.</summary>
    public GateStep Expire() => IsDone ? throw Done() : Refuse(_hasBytes ? Refusal.Stalled : Refusal.Silent);

    /// <summary>The caller needs the place for others.</summary>
    /// <param name="cause">For whose sake.</param>
    public GateStep Evict(Refusal cause = Refusal.Evicted) => IsDone ? throw Done() : Refuse(cause);

    /// <summary>Tells the kinds of client apart by as few bytes as that takes.</summary>
    private GateStep Start(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return GateStep.Read(1, urgent: false);
        }

        if (Opening.IsVerb(bytes))
        {
            return Refuse(Refusal.Http);
        }

        if (!ServesOutsideTls && !Opening.StartsHello(bytes))
        {
            return Refuse(Refusal.NotTls);
        }

        if (ServesOutsideTls && Opening.IsOpen(bytes))
        {
            return GateStep.Read(Opening.Size - bytes.Length, urgent: true);
        }

        if (Opening.StartsHello(bytes))
        {
            if (_modes.Tls)
            {
                Advance(GateState.TlsHello);
                return TlsHello(bytes);
            }

            if (!ServesOutsideTls || Opening.IsForbiddenHello(bytes))
            {
                return Refuse(Refusal.ModeOff);
            }
        }

        Advance(GateState.Header64);
        return Header64(bytes);
    }

    /// <summary>
    /// Whether all users may be tried, asked when it was none of the likely ones: who came from a source before comes in from there whatever
    /// else comes from it.
    /// </summary>
    private bool MayScan() => _admission?.MayScan() ?? true;

    /// <summary>Nobody's, after all users were tried.</summary>
    private GateStep RefuseScanned(Refusal refusal)
    {
        _admission?.OnScannedInVain(_context.Settings.Users.Users.Length);
        return Refuse(refusal);
    }

    private void Identify(int user, ClientMode mode)
    {
        Advance(GateState.Identified);
        UserIndex = user;
        User = _context.Settings.Users.Users[user];
        Mode = mode;
    }

    /// <summary>The checks that all identified clients share.</summary>
    /// <param name="dc">Null while the client has not named it.</param>
    /// <returns><see cref="Refusal.None"/> with the state moved on to <see cref="GateState.Admitted"/>, or why not.</returns>
    private Refusal Admit(ReadOnlySpan<byte> replayKey, short? dc)
    {
        Debug.Assert(User is not null && State == GateState.Identified);
        if (!User.Enabled)
        {
            return Refusal.UserDisabled;
        }

        if (User.Expires <= _context.Clock.GetUtcNow())
        {
            return Refusal.UserExpired;
        }

        if (!PolicyAllows(dc))
        {
            return Refusal.Policy;
        }

        if (!_context.Replay.TryAdd(replayKey))
        {
            return Refusal.Replay;
        }

        if (_admission?.Admit(User) is { } refusal and not Refusal.None)
        {
            return refusal;
        }

        Advance(GateState.Admitted);
        return Refusal.None;
    }

    /// <param name="dc">Null asks what holds for every DC.</param>
    private bool PolicyAllows(short? dc)
    {
        var subject = new PolicySubject(User, SniText, _source);
        var policies = _context.Settings.Policies;
        _policy = dc is { } named
            ? policies.Decide(subject, _context.Settings.Dcs.Find(named)?.Index ?? named)
            : policies.RefusalForAnyDc(subject);
        return _policy is null or { Allow: true };
    }

    private void Advance(GateState next)
    {
        Debug.Assert(GateStates.Follows(State, next), "The gate's states go one way.");
        State = next;
    }

    private GateStep Refuse(Refusal refusal)
    {
        var hasSpoken = State == GateState.InnerHeader;
        Advance(GateState.Refused);
        return hasSpoken ? GateStep.Drop(refusal, EncryptedAlert()) : GateStep.Mask(refusal);
    }

    /// <summary>One record of the length that a TLS server's last word has: its content cannot be told from random.</summary>
    private byte[] EncryptedAlert()
    {
        var record = new byte[TlsRecord.HeaderSize + EncryptedAlertSize];
        TlsRecord.WriteHeader(record, TlsRecord.ApplicationData, EncryptedAlertSize);
        _context.Random.Fill(record.AsSpan(TlsRecord.HeaderSize));
        return record;
    }

    private static InvalidOperationException Done() => new("The gate has decided already.");
}
