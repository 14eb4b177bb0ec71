namespace Telemt.Core.Upstream;

/// <summary>Why a SOCKS server did not connect us.</summary>
internal enum SocksFailure
{
    None,

    /// <summary>What answers is no SOCKS server of that version.</summary>
    NotSocks,

    /// <summary>It takes none of the ways to log in that we offer.</summary>
    NoMethod,

    /// <summary>It does not know the user, or not by that password.</summary>
    AuthFailed,

    /// <summary>It answered the request with a code: <see cref="SocksDialogue.ReplyCode"/>.</summary>
    Refused,
}
