namespace Telemt.Core.Settings;

/// <summary>Which client handshakes are served (PROTOCOL C.1).</summary>
internal sealed record ModeSettings(bool Classic, bool Secure, bool Tls);
