using Telemt.Core.Middle;

namespace Telemt.Worker.Middle;

/// <summary>What probably is wrong with a middle proxy that does not work, and what to do about it, in an operator's words.</summary>
internal static class MiddleAdvice
{
    /// <param name="ends">Null when it was not reached.</param>
    /// <param name="error">What the system said, if it did.</param>
    public static string For(MiddleEnd end, MiddleFault fault, MiddleEnds? ends, int skewSeconds, int refusedWith, string? error) => end switch
    {
        MiddleEnd.Unreachable => $"{error ?? "not reached"}",
        MiddleEnd.ClosedAtOnce =>
            "it ended the connection on our first word: the proxy secret may be out of date, or this host's clock off (look at secret_url, secret_file and NTP)",
        MiddleEnd.ClosedInHandshake or MiddleEnd.HandshakeTimeout => Address(ends),
        MiddleEnd.HandshakeFault => For(fault, ends, skewSeconds, refusedWith),
        MiddleEnd.Closed => "it ended the connection",
        MiddleEnd.Reset => "it reset the connection",
        MiddleEnd.Protocol => $"it sent what does not fit ({fault})",
        MiddleEnd.NoPong => "it has fallen silent: no answer to a ping",
        MiddleEnd.NotReading => "it has stopped to read what we send",
        MiddleEnd.Fault => "a bug of ours",
        _ => end.ToString(),
    };

    private static string For(MiddleFault fault, MiddleEnds? ends, int skewSeconds, int refusedWith) => fault switch
    {
        MiddleFault.KeySelector => "it has another proxy secret than we do: ours is out of date (look at secret_url and secret_file)",
        MiddleFault.ClockSkew =>
            $"this host's clock is {Math.Abs(skewSeconds)} s {(skewSeconds > 0 ? "behind" : "ahead")}, 30 s are allowed: set it, by NTP for one",
        MiddleFault.FrameLength or MiddleFault.Sequence or MiddleFault.Checksum => Address(ends),
        MiddleFault.HandshakeRefused => $"it refused our handshake (error {refusedWith})",
        MiddleFault.NotANonce => "what answers there is no middle proxy",
        _ => $"it does not shake hands as middle proxies do ({fault})",
    };

    /// <summary>The keys are made of both addresses: a wrong one shows as an answer that nobody can read, or as none.</summary>
    private static string Address(MiddleEnds? ends) =>
        $"it cannot read what we say: it probably sees another address than {ends?.Ours}. Behind address translation set public_ip; the translation must keep ports";
}
