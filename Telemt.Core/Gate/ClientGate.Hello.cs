using System.Text;
using Telemt.Core.Fronting;
using Telemt.Core.Settings;
using Telemt.Core.Users;
using Telemt.Core.Wire;

namespace Telemt.Core.Gate;

/// <summary>Fake TLS up to our ServerHello (PROTOCOL D.1 to D.6).</summary>
internal sealed partial class ClientGate
{
    /// <summary>
    /// A thousand days: some clients send the time since boot. The time is not authenticated (PROTOCOL D.3), so it costs nothing
    /// to believe them; the replay window is what keeps recorded hellos out.
    /// </summary>
    private const uint LongestUptime = 86_400_000;

    /// <summary>
    /// Not all of a hello's random: its last four bytes carry the time, and whoever recorded a hello can change them at will.
    /// </summary>
    private const int ReplayKeySize = 16;

    private GateStep TlsHello(ReadOnlySpan<byte> bytes)
    {
        var frame = HelloFrame.Scan(bytes);
        if (frame.Status == HelloStatus.NeedMore)
        {
            return GateStep.Read(frame.Needed, urgent: true);
        }

        if (frame.Status == HelloStatus.Malformed)
        {
            return Refuse(Refusal.MalformedHello);
        }

        if (bytes.Length > frame.WireLength)
        {
            return Refuse(Refusal.SurplusBytes);
        }

        var record = frame.Records == 1 ? bytes : frame.Join(bytes);
        if (!ClientHello.TryParse(record, out var hello))
        {
            return Refuse(Refusal.MalformedHello);
        }

        NoteServerName(hello.ServerName.Of(record));
        if (Ja4 is null)
        {
            Print = HelloPrint.Of(record, hello);
            Ja4 = _context.Fingerprints.Of(record, hello, Print);
        }

        var scanned = ScanStep.More;
        if (!_isScanning)
        {
            _isScanning = true;
            _helloScan = new HelloScan(_context.Settings.Users, _likely);
            scanned = _likely.IsEmpty ? ScanStep.More : _helloScan.Step(record, limit: 0);
            if (scanned == ScanStep.More && !MayScan())
            {
                return Refuse(Refusal.SourceBackoff);
            }
        }

        return (scanned == ScanStep.More ? _helloScan.Step(record, HelloUsersPerStep) : scanned) switch
        {
            ScanStep.More => GateStep.Yield(),
            ScanStep.Nobody => RefuseScanned(Refusal.WrongSecret),
            _ => FoundHello(record, hello),
        };
    }

    private GateStep FoundHello(ReadOnlySpan<byte> record, in ClientHello hello)
    {
        Identify(_helloScan.User, ClientMode.Tls);
        return IdentifiedHello(record, hello, _helloScan.Time);
    }

    private GateStep IdentifiedHello(ReadOnlySpan<byte> record, in ClientHello hello, uint time)
    {
        if (!IsTimely(time))
        {
            return Refuse(Refusal.Stale);
        }

        // A hello without a name asks for no other site than ours, and a web server answers it with its default one.
        if (hello.ServerName.IsPresent && !IsOurSni && _context.Settings.Fronting.UnknownSni != UnknownSni.Accept)
        {
            return RefuseServerName();
        }

        if (hello.FirstTls13Suite(record) == 0)
        {
            return Refuse(Refusal.NoTls13);
        }

        var profile = _context.Flights.For(IsOurSni ? SniText : null);
        var choice = _context.Settings.Fronting.KeyShare;
        if (profile.Answer(hello, record, Print, choice, _path, _context.Random) is not { } shape)
        {
            return Refuse(Refusal.SiteRefuses);
        }

        var refusal = Admit(ClientHello.Random(record)[..ReplayKeySize], dc: null);
        return refusal == Refusal.None ? AdmittedHello(record, hello, profile, shape) : Refuse(refusal);
    }

    private GateStep AdmittedHello(ReadOnlySpan<byte> record, in ClientHello hello, FlightProfile profile, in FlightShape shape)
    {
        Advance(GateState.InnerHeader);
        if (!profile.Knows(Print))
        {
            _context.Flights.OnUnknownOffer(IsOurSni ? SniText : null, record, hello);
        }

        Group = shape.Group;
        var answer = ServerHello.Write(record, hello, shape, User!.Secret, _context.Random);
        return GateStep.Write(answer, profile.ChooseDelay(_context.Random));
    }

    private bool IsTimely(uint time)
    {
        var replay = _context.Settings.Replay;
        var behind = _context.Clock.GetUtcNow().ToUnixTimeSeconds() - time;
        ClockBehind = time < LongestUptime ? null : behind;
        return replay.IgnoreTimeSkew || time < LongestUptime || Math.Abs(behind) <= (long)replay.TimeSkew.TotalSeconds;
    }

    /// <summary>Only the operator's wish lets us end a connection that has seen nothing of us.</summary>
    private GateStep RefuseServerName()
    {
        if (_context.Settings.Fronting.UnknownSni == UnknownSni.Mask)
        {
            return Refuse(Refusal.UnknownSni);
        }

        Advance(GateState.Refused);
        return GateStep.Drop(Refusal.UnknownSni, default);
    }

    private void NoteServerName(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            return;
        }

        foreach (var domain in _context.Settings.TlsDomains)
        {
            if (Ascii.EqualsIgnoreCase(name, domain))
            {
                SniText = domain;
                IsOurSni = true;
                return;
            }
        }

        SniText = Encoding.ASCII.GetString(name).ToLowerInvariant();
    }
}
