using Telemt.Core.Crypto;

namespace Telemt.Core.Client;

/// <summary>The extensions of our ClientHello: numbers of the TLS registry, and what Chrome writes in each.</summary>
internal static class HelloExtensions
{
    public const ushort ServerName = 0x0000;
    public const ushort StatusRequest = 0x0005;
    public const ushort Groups = 0x000a;
    public const ushort PointFormats = 0x000b;
    public const ushort SignatureAlgorithms = 0x000d;
    public const ushort Alpn = 0x0010;
    public const ushort CertificateTimestamps = 0x0012;
    public const ushort Padding = 0x0015;
    public const ushort ExtendedMasterSecret = 0x0017;
    public const ushort CompressCertificate = 0x001b;
    public const ushort SessionTicket = 0x0023;
    public const ushort SupportedVersions = 0x002b;
    public const ushort PskModes = 0x002d;
    public const ushort KeyShare = 0x0033;
    public const ushort ApplicationSettings = 0x44cd;
    public const ushort EncryptedClientHello = 0xfe0d;
    public const ushort RenegotiationInfo = 0xff01;

    public const ushort GroupX25519 = 0x001d;
    public const ushort GroupMlKem = 0x11ec;

    /// <summary>Everything but the key shares.</summary>
    public static void WriteContent(
        ref HelloBuffer hello,
        ushort type,
        scoped ReadOnlySpan<byte> name,
        IRandomSource random,
        HelloStyle style,
        GreaseValues grease)
    {
        switch (type)
        {
            case ServerName:
                hello.Word(name.Length + 3);
                hello.Byte(0);
                hello.Word(name.Length);
                hello.Bytes(name);
                break;
            case StatusRequest:
                hello.Bytes([0x01, 0x00, 0x00, 0x00, 0x00]);
                break;
            case Groups:
                WriteGroups(ref hello, style, grease);
                break;
            case PointFormats:
                hello.Bytes([0x01, 0x00]);
                break;
            case SignatureAlgorithms:
                hello.Bytes([0x00, 0x10, 0x04, 0x03, 0x08, 0x04, 0x04, 0x01, 0x05, 0x03, 0x08, 0x05, 0x05, 0x01, 0x08, 0x06, 0x06, 0x01]);
                break;
            case Alpn when style == HelloStyle.Http1:
                hello.Bytes([0x00, 0x09, 0x08]);
                hello.Bytes("http/1.1"u8);
                break;
            case Alpn:
                hello.Bytes([0x00, 0x0c, 0x02]);
                hello.Bytes("h2"u8);
                hello.Byte(8);
                hello.Bytes("http/1.1"u8);
                break;
            case CompressCertificate:
                hello.Bytes([0x02, 0x00, 0x02]);
                break;
            case SupportedVersions:
                hello.Byte(6);
                hello.Word(grease.Version);
                hello.Bytes([0x03, 0x04, 0x03, 0x03]);
                break;
            case PskModes:
                hello.Bytes([0x01, 0x01]);
                break;
            case ApplicationSettings:
                hello.Bytes([0x00, 0x03, 0x02]);
                hello.Bytes("h2"u8);
                break;
            case EncryptedClientHello:
                WriteEch(ref hello, random);
                break;
            case RenegotiationInfo:
                hello.Byte(0);
                break;
        }
    }

    private static void WriteGroups(ref HelloBuffer hello, HelloStyle style, GreaseValues grease)
    {
        var groups = hello.OpenWord();
        hello.Word(grease.Group);
        if (style != HelloStyle.Legacy)
        {
            hello.Word(GroupMlKem);
        }

        hello.Word(GroupX25519);
        hello.Bytes([0x00, 0x17, 0x00, 0x18]);
        hello.CloseWord(groups);
    }

    /// <summary>
    /// What Chrome sends to hosts that publish no ECH key: the form of one, content at random.
    /// <code>
    /// 00 outer | 0001 KDF | 0001 AEAD | config id | 0020 | key: 32 | length | payload: 144, 176, 208 or 240
    /// </code>
    /// </summary>
    private static void WriteEch(ref HelloBuffer hello, IRandomSource random)
    {
        Span<byte> drawn = stackalloc byte[1];
        random.Fill(drawn);
        hello.Bytes([0x00, 0x00, 0x01, 0x00, 0x01]);
        random.Fill(hello.Take(1));
        hello.Word(32);
        Curve25519Point.WriteLikelyPublicKey(random, hello.Take(32));
        hello.Word(144 + (32 * (drawn[0] & 3)));
        random.Fill(hello.Take(144 + (32 * (drawn[0] & 3))));
    }
}
