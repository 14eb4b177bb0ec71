using Telemt.Core.Crypto;
using Telemt.Core.Users;
using Telemt.Core.Wire;

namespace Telemt.Core.Gate;

/// <summary>The obfuscated header (PROTOCOL C.1), bare or within records.</summary>
internal sealed partial class ClientGate
{
    private GateStep Header64(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HandshakeKeys.HeaderSize)
        {
            return GateStep.Read(HandshakeKeys.HeaderSize - bytes.Length, urgent: true);
        }

        var header = bytes[..HandshakeKeys.HeaderSize];
        var scanned = ScanStep.More;
        if (!_isScanning)
        {
            _isScanning = true;
            _headerScan = new HeaderScan(_context.Settings.Users, _likely);
            scanned = _likely.IsEmpty ? ScanStep.More : _headerScan.Step(header, limit: 0);
            if (scanned == ScanStep.More && !MayScan())
            {
                return Refuse(Refusal.SourceBackoff);
            }
        }

        return (scanned == ScanStep.More ? _headerScan.Step(header, HeaderUsersPerStep) : scanned) switch
        {
            ScanStep.More => GateStep.Yield(),
            ScanStep.Nobody => RefuseScanned(Opening.StartsHello(bytes) ? Refusal.ModeOff : Refusal.WrongSecret),
            _ => FoundHeader(header),
        };
    }

    private GateStep FoundHeader(ReadOnlySpan<byte> header)
    {
        Identify(_headerScan.User, _headerScan.Tag == ProtocolTag.PaddedIntermediate ? ClientMode.Secure : ClientMode.Classic);
        return IdentifiedHeader(header, _headerScan.Tag, _headerScan.Dc);
    }

    private GateStep IdentifiedHeader(ReadOnlySpan<byte> header, ProtocolTag tag, short dc)
    {
        if (!(Mode == ClientMode.Secure ? _modes.Secure : _modes.Classic))
        {
            return Refuse(Refusal.ModeOff);
        }

        var refusal = Admit(ReplayKeyOf(header), dc);
        return refusal == Refusal.None ? AdmittedHeader(header, tag, dc, default, HandshakeKeys.HeaderSize) : Refuse(refusal);
    }

    private GateStep InnerHeader(ReadOnlySpan<byte> bytes)
    {
        Span<byte> header = stackalloc byte[HandshakeKeys.HeaderSize];
        var records = default(TlsRecordReader);
        var (read, filled) = (0, 0);
        while (filled < HandshakeKeys.HeaderSize && records.TryNext(bytes, ref read, HandshakeKeys.HeaderSize - filled, out var payload))
        {
            bytes[payload].CopyTo(header[filled..]);
            filled += payload.End.Value - payload.Start.Value;
        }

        if (filled < HandshakeKeys.HeaderSize)
        {
            return records.State == TlsStreamState.Open ? GateStep.Read(1, urgent: false) : Refuse(Refusal.BadInnerHeader);
        }

        var users = _context.Settings.Users;
        if (!users.TryAuthenticateHeader(header, User!, out var tag, out var dc))
        {
            var isOthers = users.TryAuthenticateHeader(header, -1, out _, out _, out _);
            return Refuse(isOthers ? Refusal.UserMismatch : Refusal.BadInnerHeader);
        }

        if (tag != ProtocolTag.PaddedIntermediate)
        {
            return Refuse(Refusal.BadInnerHeader);
        }

        if (!PolicyAllows(dc))
        {
            return Refuse(Refusal.Policy);
        }

        // The header lies open in the record. Whoever recorded it could send it bare, and secure mode would take it for a new client.
        if (_modes.Secure && !_context.Replay.TryAdd(ReplayKeyOf(header)))
        {
            return Refuse(Refusal.Replay);
        }

        return AdmittedHeader(header, tag, dc, records, read);
    }

    private GateStep AdmittedHeader(ReadOnlySpan<byte> header, ProtocolTag tag, short dc, TlsRecordReader records, int consumed)
    {
        Span<byte> key = stackalloc byte[AesCtr.KeySize];
        Span<byte> iv = stackalloc byte[AesCtr.IvSize];
        Span<byte> spent = stackalloc byte[HandshakeKeys.HeaderSize];
        HandshakeKeys.ClientToServer(header, User!.Secret, key, iv);
        var up = new AesCtr(key, iv);
        up.Transform(spent);

        var down = new byte[HandshakeKeys.MaterialSize];
        HandshakeKeys.ServerToClient(header, User.Secret, down.AsSpan(0, AesCtr.KeySize), down.AsSpan(AesCtr.KeySize));

        Advance(GateState.Ready);
        var client = new ReadyClient
        {
            User = User,
            Mode = Mode!.Value,
            Tag = tag,
            Dc = dc,
            Policy = Policy,
            Up = up,
            DownKeyIv = down,
            Records = records,
        };
        return GateStep.Ready(client, consumed);
    }

    /// <summary>Key seed and IV: what makes two headers one, and all that is sent in the clear but the first eight bytes.</summary>
    private static ReadOnlySpan<byte> ReplayKeyOf(ReadOnlySpan<byte> header)
        => header.Slice(HandshakeKeys.SeedOffset, HandshakeKeys.MaterialSize);
}
