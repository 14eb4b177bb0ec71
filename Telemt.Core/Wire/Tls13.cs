namespace Telemt.Core.Wire;

/// <summary>Code points of TLS 1.3 that a hello and its answer name (RFC 8446, RFC 8701).</summary>
internal static class Tls13
{
    public const ushort Version = 0x0304;

    public const ushort Aes128GcmSha256 = 0x1301;
    public const ushort Aes256GcmSha384 = 0x1302;
    public const ushort ChaCha20Poly1305Sha256 = 0x1303;

    public const ushort ServerName = 0x0000;
    public const ushort SupportedGroups = 0x000a;
    public const ushort SignatureAlgorithms = 0x000d;
    public const ushort Alpn = 0x0010;
    public const ushort Padding = 0x0015;
    public const ushort SessionTicket = 0x0023;
    public const ushort PreSharedKey = 0x0029;
    public const ushort SupportedVersions = 0x002b;
    public const ushort KeyShare = 0x0033;
    public const ushort EncryptedClientHello = 0xfe0d;

    public const ushort X25519 = 0x001d;
    public const ushort X25519MlKem768 = 0x11ec;

    public const int X25519KeySize = 32;

    /// <summary>What a server answers to an ML-KEM-768 key.</summary>
    public const int MlKem768CiphertextSize = 1088;

    /// <summary>What a server answers to a client's key of this group; 0 for a group that we have no answer to.</summary>
    public static int AnswerSize(ushort group) => group switch
    {
        X25519 => X25519KeySize,
        X25519MlKem768 => MlKem768CiphertextSize + X25519KeySize,
        _ => 0,
    };

    /// <summary>The values that clients mix into every list, so that servers learn to skip what they do not know (RFC 8701).</summary>
    public static bool IsGrease(ushort value) => (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);

    /// <summary>The suites that a TLS 1.3 server may choose; GREASE and older suites are none of them.</summary>
    public static bool IsSuite(ushort suite) => suite is Aes128GcmSha256 or Aes256GcmSha384 or ChaCha20Poly1305Sha256;
}
