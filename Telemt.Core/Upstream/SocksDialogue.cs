using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Telemt.Core.Settings;

namespace Telemt.Core.Upstream;

/// <summary>
/// A client's side of SOCKS 4, 4a and 5, sans I/O (PROTOCOL H): send <see cref="Output"/>, give <see cref="Receive"/> no more than
/// <see cref="Wanted"/> bytes, until <see cref="Status"/> is Connected or Failed. Nothing behind the server's reply is ever taken.
/// <code>
/// SOCKS5  → 05 n methods(n)             00 none, 02 user and password
///         ← 05 method                   ff: none of them
///         → 01 n user(n) n password(n)  ← 01 00
///         → 05 01 00 type address port  01 IPv4, 03 n name(n), 04 IPv6; port big-endian
///         ← 05 code 00 type address port
/// SOCKS4  → 04 01 port ip userid 00     4a: ip = 0.0.0.1, then name 00
///         ← 00 code port ip             5a granted
/// </code>
/// </summary>
internal sealed class SocksDialogue
{
    private const byte Version4 = 4;
    private const byte Version5 = 5;
    private const byte AuthVersion = 1;
    private const byte Connect = 1;
    private const byte MethodNone = 0;
    private const byte MethodPassword = 2;
    private const byte TypeIpv4 = 1;
    private const byte TypeName = 3;
    private const byte TypeIpv6 = 4;
    private const byte Granted4 = 0x5a;
    private const byte FirstIdentCode4 = 0x5c;
    private const byte CommandUnknown5 = 7;

    private const int TwoBytes = 2;
    private const int Head5 = 4;
    private const int Reply4 = 8;
    private const int PortSize = 2;
    private const int MaxName = 255;
    /// <summary>Of the longest answer: SOCKS5 with a name of 255 bytes.</summary>
    public const int MaxReply = Head5 + 1 + MaxName + PortSize;

    private readonly UpstreamKind _kind;
    private readonly EndPoint _target;
    private readonly byte[] _user;
    private readonly byte[] _password;
    private readonly byte[] _reply = new byte[MaxReply];
    private Stage _stage;
    private int _have;
    private int _need;

    /// <param name="upstream">Of kind socks4 or socks5, with what it takes to log in.</param>
    /// <param name="target">An address, or a name that the server looks up; of socks4 no IPv6: see <see cref="UpstreamSettings.Reaches"/>.</param>
    public SocksDialogue(UpstreamSettings upstream, EndPoint target)
    {
        Debug.Assert(upstream.Kind != UpstreamKind.Direct && upstream.Reaches(target), "the plan names no such way");
        _kind = upstream.Kind;
        _target = target;
        _user = Encoding.UTF8.GetBytes((_kind == UpstreamKind.Socks4 ? upstream.UserId : upstream.Username) ?? "");
        _password = Encoding.UTF8.GetBytes(upstream.Password ?? "");
        if (_kind == UpstreamKind.Socks4)
        {
            Ask(Request4(), Stage.Reply4, Reply4);
        }
        else
        {
            Ask(_user.Length > 0 ? [Version5, 2, MethodNone, MethodPassword] : [Version5, 1, MethodNone], Stage.Method, TwoBytes);
        }
    }

    private enum Stage
    {
        Method,
        Auth,
        Reply5,
        Reply4,
    }

    public SocksStatus Status { get; private set; }

    /// <summary>What to send now: anew after the constructor and after a <see cref="Receive"/> that moved on; else empty.</summary>
    public ReadOnlyMemory<byte> Output { get; private set; }

    /// <summary>How many bytes may be read now.</summary>
    public int Wanted => Status == SocksStatus.Talking ? _need - _have : 0;

    /// <summary>The request is out: silence from here on is most likely the target's.</summary>
    public bool HasAsked => _stage is Stage.Reply5 or Stage.Reply4;

    public SocksFailure Failure { get; private set; }

    /// <summary>The server's own code of <see cref="SocksFailure.Refused"/>.</summary>
    public byte ReplyCode { get; private set; }

    /// <summary>True when the failure is the server's own, whatever the target; else it could not reach, or not allow, this target.</summary>
    public bool IsServerFault => Failure switch
    {
        SocksFailure.None => false,
        SocksFailure.Refused when _kind == UpstreamKind.Socks5 => ReplyCode == CommandUnknown5,
        SocksFailure.Refused => ReplyCode >= FirstIdentCode4,
        _ => true,
    };

    /// <summary>The address that the target sees, if the server says so (SOCKS5 only): the middle proxies' keys need it (PROTOCOL F.4).</summary>
    public EndPoint? Bound { get; private set; }

    /// <param name="bytes">What came, at most <see cref="Wanted"/> of it.</param>
    public SocksStatus Receive(ReadOnlySpan<byte> bytes)
    {
        Debug.Assert(bytes.Length <= Wanted, "bytes of the target are not ours");
        Output = default;
        bytes.CopyTo(_reply.AsSpan(_have));
        _have += bytes.Length;
        while (Status == SocksStatus.Talking && _have == _need)
        {
            if (!Step())
            {
                break;
            }
        }

        return Status;
    }

    /// <summary>Why it failed, in words an operator knows.</summary>
    public string Explain() => Failure switch
    {
        SocksFailure.NotSocks => $"no SOCKS{(_kind == UpstreamKind.Socks5 ? 5 : 4)} server answers there",
        SocksFailure.NoMethod => _user.Length > 0
            ? "the SOCKS server takes neither user and password nor a client without"
            : "the SOCKS server wants a user and a password",
        SocksFailure.AuthFailed => "the SOCKS server refused user and password",
        SocksFailure.Refused when _kind == UpstreamKind.Socks5 => $"SOCKS reply {ReplyCode}: {Words5(ReplyCode)}",
        SocksFailure.Refused => $"SOCKS reply {ReplyCode}: {Words4(ReplyCode)}",
        _ => "",
    };

    private static string Words5(byte code) => code switch
    {
        1 => "general failure",
        2 => "not allowed by its rules",
        3 => "network unreachable",
        4 => "host unreachable",
        5 => "connection refused",
        6 => "TTL expired",
        7 => "command not supported",
        8 => "address type not supported",
        _ => "unknown code",
    };

    private static string Words4(byte code) => code switch
    {
        0x5b => "rejected or failed",
        0x5c => "it cannot reach our identd",
        0x5d => "our identd names another user",
        _ => "unknown code",
    };

    /// <returns>True when the next look may find its bytes there already: a reply that grows by its own fields.</returns>
    private bool Step()
    {
        switch (_stage)
        {
            case Stage.Method:
                TakeMethod();
                return false;
            case Stage.Auth:
                TakeAuth();
                return false;
            case Stage.Reply4:
                TakeReply4();
                return false;
            default:
                TakeReply5();
                return true;
        }
    }

    private void TakeMethod()
    {
        if (_reply[0] != Version5)
        {
            Fail(SocksFailure.NotSocks);
        }
        else if (_reply[1] == MethodNone)
        {
            Ask(Request5(), Stage.Reply5, TwoBytes);
        }
        else if (_reply[1] == MethodPassword && _user.Length > 0)
        {
            Ask([AuthVersion, (byte)_user.Length, .. _user, (byte)_password.Length, .. _password], Stage.Auth, TwoBytes);
        }
        else
        {
            Fail(SocksFailure.NoMethod);
        }
    }

    private void TakeAuth()
    {
        if (_reply[1] == 0)
        {
            Ask(Request5(), Stage.Reply5, TwoBytes);
        }
        else
        {
            Fail(SocksFailure.AuthFailed);
        }
    }

    private void TakeReply4()
    {
        // The draft says 0; servers that answer with their version are met.
        if (_reply[0] is not (0 or Version4))
        {
            Fail(SocksFailure.NotSocks);
        }
        else if (_reply[1] != Granted4)
        {
            Refuse(_reply[1]);
        }
        else
        {
            Status = SocksStatus.Connected;
        }
    }

    /// <summary>Its length is told by its own fields: code first, since some servers end behind a bad one.</summary>
    private void TakeReply5()
    {
        if (_reply[0] != Version5)
        {
            Fail(SocksFailure.NotSocks);
        }
        else if (_reply[1] != 0)
        {
            Refuse(_reply[1]);
        }
        else if (_have < Head5)
        {
            _need = Head5;
        }
        else
        {
            TakeBound();
        }
    }

    private void TakeBound()
    {
        var address = _reply.AsSpan(Head5);
        switch (_reply[Head5 - 1])
        {
            case TypeIpv4:
                Finish(address, 4, static bytes => new IPAddress(bytes));
                break;
            case TypeIpv6:
                Finish(address, 16, static bytes => new IPAddress(bytes));
                break;
            case TypeName when _have == Head5:
                _need = Head5 + 1;
                break;
            case TypeName:
                Finish(address[1..], address[0], static _ => null);
                break;
            default:
                Fail(SocksFailure.NotSocks);
                break;
        }
    }

    private void Finish(ReadOnlySpan<byte> address, int size, Func<ReadOnlySpan<byte>, IPAddress?> read)
    {
        var end = MaxReply - address.Length + size + PortSize;
        if (_have < end)
        {
            _need = end;
            return;
        }

        var port = BinaryPrimitives.ReadUInt16BigEndian(address[size..]);
        Bound = read(address[..size]) is { } ip ? new IPEndPoint(ip, port)
            : size > 0 ? new DnsEndPoint(Encoding.Latin1.GetString(address[..size]), port)
            : null;
        Status = SocksStatus.Connected;
    }

    private byte[] Request5()
    {
        var (type, address, port) = _target switch
        {
            DnsEndPoint name => (TypeName, NameField(name.Host), name.Port),
            IPEndPoint { AddressFamily: AddressFamily.InterNetwork } ip => (TypeIpv4, ip.Address.GetAddressBytes(), ip.Port),
            IPEndPoint ip => (TypeIpv6, ip.Address.GetAddressBytes(), ip.Port),
            _ => throw new ArgumentException("a SOCKS server reaches addresses and names only"),
        };
        return [Version5, Connect, 0, type, .. address, (byte)(port >> 8), (byte)port];
    }

    private byte[] Request4() => _target switch
    {
        DnsEndPoint name =>
            [Version4, Connect, (byte)(name.Port >> 8), (byte)name.Port, 0, 0, 0, 1, .. _user, 0, .. Encoding.ASCII.GetBytes(name.Host), 0],
        IPEndPoint ip =>
            [Version4, Connect, (byte)(ip.Port >> 8), (byte)ip.Port, .. ip.Address.GetAddressBytes(), .. _user, 0],
        _ => throw new ArgumentException("a SOCKS server reaches addresses and names only"),
    };

    private static byte[] NameField(string host)
    {
        var name = Encoding.ASCII.GetBytes(host);
        return [(byte)name.Length, .. name];
    }

    private void Ask(byte[] output, Stage stage, int need)
    {
        (Output, _stage, _have, _need) = (output, stage, 0, need);
    }

    private void Refuse(byte code)
    {
        ReplyCode = code;
        Fail(SocksFailure.Refused);
    }

    private void Fail(SocksFailure failure)
    {
        Failure = failure;
        Status = SocksStatus.Failed;
    }
}
