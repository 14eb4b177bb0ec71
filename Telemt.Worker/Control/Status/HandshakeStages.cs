using System.Collections.Immutable;
using Telemt.Core.Gate;
using Telemt.Worker.Sessions;

namespace Telemt.Worker.Control.Status;

/// <summary>In which stage of its way in a connection fails, by the cause.</summary>
internal static class HandshakeStages
{
    public const string Dial = "dial";

    /// <summary>Clients who were let in and got no further.</summary>
    public static readonly ImmutableArray<SessionEnd> OfEnds = [SessionEnd.UnknownDc, SessionEnd.DcUnreachable, SessionEnd.DcMute, SessionEnd.MiddleUnreachable];

    public static string Of(Refusal cause) => cause switch
    {
        Refusal.Silent or Refusal.Ended or Refusal.Untrusted or Refusal.ProxyHeader or Refusal.ServerFull or Refusal.Evicted
            or Refusal.SourceConnections or Refusal.SourceHandshakes => "connect",
        Refusal.WrongSecret or Refusal.Stale or Refusal.Replay or Refusal.SourceBackoff => "authenticate",
        Refusal.UnknownSni or Refusal.NoTls13 or Refusal.SiteRefuses or Refusal.ModeOff => "offer",
        Refusal.UserDisabled or Refusal.UserExpired or Refusal.Policy or Refusal.UserConnections or Refusal.UserAddresses or Refusal.UserQuota => "admit",
        Refusal.BadInnerHeader or Refusal.UserMismatch => "inner_header",
        _ => "hello",
    };
}
