using Telemt.Core.Gate;
using Telemt.Core.Wire;

namespace Telemt.Core.Status;

/// <summary>What a connection that was not served looked like, for whoever wants to know who knocks.</summary>
internal enum StrangerClass : byte
{
    /// <summary>Not a byte: a port scan, or a client that was cut off.</summary>
    Silent,

    /// <summary>A web client without TLS.</summary>
    Http,

    Ssh,

    /// <summary>TLS that no client of ours speaks: a foreign name, no TLS 1.3, broken or cut hellos.</summary>
    TlsScanner,

    /// <summary>Anything else.</summary>
    OtherBytes,

    /// <summary>
    /// A whole hello for one of our names, or a header, that no user's secret makes: a client with an old link, or a visitor of the site.
    /// </summary>
    WrongSecret,

    /// <summary>The right digest for a name that we do not serve.</summary>
    UnknownSni,

    /// <summary>The right digest with a time outside the window.</summary>
    Stale,

    /// <summary>A hello or header seen before.</summary>
    Replay,

    /// <summary>Somebody who has a secret: switched off, expired, over a limit, in a mode that is off, or wrong behind our answer.</summary>
    KnownUser,

    /// <summary>Made room for others.</summary>
    Crowded,

    /// <summary>On a listener with the PROXY protocol: a stranger at the balancer's door, or a balancer that does not speak it.</summary>
    NotIntroduced,
}

internal static class StrangerClasses
{
    /// <param name="cause">Why it was refused; not <see cref="Refusal.None"/>.</param>
    /// <param name="bytes">All that came, as far as it is kept.</param>
    /// <param name="isForUs">It was a whole hello with TLS 1.3 for one of our names.</param>
    public static StrangerClass Of(Refusal cause, ReadOnlySpan<byte> bytes, bool isForUs) => cause switch
    {
        Refusal.Http => StrangerClass.Http,
        Refusal.UnknownSni => StrangerClass.UnknownSni,
        Refusal.Stale => StrangerClass.Stale,
        Refusal.Replay => StrangerClass.Replay,
        Refusal.Evicted or Refusal.ServerFull or Refusal.SourceConnections or Refusal.SourceHandshakes => StrangerClass.Crowded,
        Refusal.Untrusted or Refusal.ProxyHeader => StrangerClass.NotIntroduced,
        Refusal.WrongSecret or Refusal.SourceBackoff when isForUs => StrangerClass.WrongSecret,
        Refusal.WrongSecret or Refusal.SourceBackoff => Look(bytes) is var look && look == StrangerClass.OtherBytes ? StrangerClass.WrongSecret : look,
        Refusal.ModeOff when IsTls(bytes) => StrangerClass.TlsScanner,
        Refusal.Silent or Refusal.Stalled or Refusal.Ended or Refusal.NotTls or Refusal.MalformedHello or Refusal.SurplusBytes => Look(bytes),
        _ => StrangerClass.KnownUser,
    };

    private static StrangerClass Look(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? StrangerClass.Silent
        : bytes.StartsWith("SSH-"u8) ? StrangerClass.Ssh
        : IsTls(bytes) ? StrangerClass.TlsScanner
        : StrangerClass.OtherBytes;

    /// <summary>A handshake record or an alert of any version; or a hello of SSL 2: 80 length 01.</summary>
    private static bool IsTls(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [TlsRecord.Handshake or TlsRecord.Alert] or [TlsRecord.Handshake or TlsRecord.Alert, 3, ..] => true,
        [>= 0x80, _, 1, ..] => true,
        _ => false,
    };
}
