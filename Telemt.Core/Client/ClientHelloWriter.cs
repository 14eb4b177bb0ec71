using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Telemt.Core.Crypto;
using Telemt.Core.Wire;

namespace Telemt.Core.Client;

/// <summary>
/// Writes the ClientHello that opens a fake-TLS connection (PROTOCOL D.1): a browser's in every byte but the random, which holds the
/// digest that only somebody with the secret can make, with the time XORed onto its last four bytes (D.2).
/// </summary>
internal static class ClientHelloWriter
{
    public const int RandomOffset = 11;
    public const int RandomSize = 32;

    private const int SessionIdSize = 32;
    private const int MaxSize = 4096;
    private const int LegacySize = 517;

    /// <summary>An ML-KEM-768 encapsulation key and an x25519 key behind it.</summary>
    public const int MlKemShareSize = (MlKemPairs * 3) + 64;

    private const int MlKemPairs = 384;
    private const int MlKemModulus = 3329;

    /// <summary>Chrome's list; a GREASE value goes before it.</summary>
    private static ReadOnlySpan<byte> CipherSuites =>
    [
        0x13, 0x01, 0x13, 0x02, 0x13, 0x03, 0xc0, 0x2b, 0xc0, 0x2f, 0xc0, 0x2c, 0xc0, 0x30, 0xcc, 0xa9,
        0xcc, 0xa8, 0xc0, 0x13, 0xc0, 0x14, 0x00, 0x9c, 0x00, 0x9d, 0x00, 0x2f, 0x00, 0x35,
    ];

    /// <summary>Extensions of the modern form between the two of GREASE, in the order before shuffling.</summary>
    private static ReadOnlySpan<ushort> ModernExtensions =>
    [
        HelloExtensions.ServerName, HelloExtensions.StatusRequest, HelloExtensions.Groups, HelloExtensions.PointFormats,
        HelloExtensions.SignatureAlgorithms, HelloExtensions.Alpn, HelloExtensions.CertificateTimestamps,
        HelloExtensions.ExtendedMasterSecret, HelloExtensions.CompressCertificate, HelloExtensions.SessionTicket,
        HelloExtensions.SupportedVersions, HelloExtensions.PskModes, HelloExtensions.KeyShare,
        HelloExtensions.ApplicationSettings, HelloExtensions.EncryptedClientHello, HelloExtensions.RenegotiationInfo,
    ];

    /// <summary>The older form knows no ECH and keeps Chrome's order of that time.</summary>
    private static ReadOnlySpan<ushort> LegacyExtensions =>
    [
        HelloExtensions.ServerName, HelloExtensions.ExtendedMasterSecret, HelloExtensions.RenegotiationInfo, HelloExtensions.Groups,
        HelloExtensions.PointFormats, HelloExtensions.SessionTicket, HelloExtensions.Alpn, HelloExtensions.StatusRequest,
        HelloExtensions.SignatureAlgorithms, HelloExtensions.CertificateTimestamps, HelloExtensions.KeyShare,
        HelloExtensions.PskModes, HelloExtensions.SupportedVersions, HelloExtensions.CompressCertificate,
    ];

    /// <summary>Writes the whole record.</summary>
    /// <param name="domain">The SNI name, one char a byte.</param>
    /// <param name="unixTime">Seconds; servers refuse what is minutes off.</param>
    public static byte[] Write(Secret secret, string domain, uint unixTime, IRandomSource random, HelloStyle style = HelloStyle.Modern)
    {
        Span<byte> bytes = stackalloc byte[MaxSize];
        var hello = new HelloBuffer(bytes);
        hello.Bytes([0x16, 0x03, 0x01]);
        var record = hello.OpenWord();
        hello.Bytes([0x01, 0x00]);
        var handshake = hello.OpenWord();
        hello.Bytes([0x03, 0x03]);
        hello.Take(RandomSize).Clear();
        hello.Byte(SessionIdSize);
        random.Fill(hello.Take(SessionIdSize));

        var grease = new GreaseValues(random);
        var suites = hello.OpenWord();
        hello.Word(grease.Suite);
        hello.Bytes(style == HelloStyle.Aes256First ? [0x13, 0x02, 0x13, 0x03, 0x13, 0x01, .. CipherSuites[6..]] : CipherSuites);
        hello.CloseWord(suites);
        hello.Bytes([0x01, 0x00]);

        WriteExtensions(ref hello, domain, random, style, grease);
        hello.CloseWord(handshake);
        hello.CloseWord(record);

        var written = hello.Written.ToArray();
        Sign(written, secret, unixTime);
        return written;
    }

    /// <summary>Puts digest and time into the random of a record in which it is zero.</summary>
    public static void Sign(Span<byte> record, Secret secret, uint unixTime)
    {
        Span<byte> digest = stackalloc byte[RandomSize];
        HMACSHA256.HashData(secret.Bytes, record, digest);
        var time = digest[^sizeof(uint)..];
        BinaryPrimitives.WriteUInt32LittleEndian(time, BinaryPrimitives.ReadUInt32LittleEndian(time) ^ unixTime);
        digest.CopyTo(record[RandomOffset..]);
    }

    private static void WriteExtensions(ref HelloBuffer hello, string domain, IRandomSource random, HelloStyle style, GreaseValues grease)
    {
        Span<byte> name = stackalloc byte[domain.Length];
        Encoding.Latin1.GetBytes(domain, name);
        var known = style == HelloStyle.Legacy ? LegacyExtensions : ModernExtensions;
        Span<ushort> order = stackalloc ushort[known.Length];
        known.CopyTo(order);
        if (style != HelloStyle.Legacy)
        {
            Shuffle(order, random);
        }

        var all = hello.OpenWord();
        hello.Word(grease.FirstExtension);
        hello.Word(0);
        foreach (var type in order)
        {
            hello.Word(type);
            var content = hello.OpenWord();
            if (type == HelloExtensions.KeyShare)
            {
                WriteKeyShares(ref hello, random, style, grease);
            }
            else
            {
                HelloExtensions.WriteContent(ref hello, type, name, random, style, grease);
            }

            hello.CloseWord(content);
        }

        hello.Word(grease.LastExtension);
        hello.Bytes([0x00, 0x01, 0x00]);
        if (style == HelloStyle.Legacy && hello.Length + 4 < LegacySize)
        {
            hello.Word(HelloExtensions.Padding);
            var padding = hello.OpenWord();
            hello.Take(LegacySize - hello.Length).Clear();
            hello.CloseWord(padding);
        }

        hello.CloseWord(all);
    }

    private static void WriteKeyShares(ref HelloBuffer hello, IRandomSource random, HelloStyle style, GreaseValues grease)
    {
        var shares = hello.OpenWord();
        hello.Word(grease.Group);
        hello.Bytes([0x00, 0x01, 0x00]);
        if (style != HelloStyle.Legacy)
        {
            hello.Word(HelloExtensions.GroupMlKem);
            var share = hello.OpenWord();
            WriteMlKemShare(hello.Take(MlKemShareSize), random);
            hello.CloseWord(share);
        }

        hello.Word(HelloExtensions.GroupX25519);
        hello.Word(32);
        Curve25519Point.WriteLikelyPublicKey(random, hello.Take(32));
        hello.CloseWord(shares);
    }

    public static void WriteMlKemShare(Span<byte> share, IRandomSource random)
    {
        const int keySize = MlKemPairs * 3;
        WriteMlKemKey(share[..keySize], random);
        random.Fill(share.Slice(keySize, 32));
        Curve25519Point.WriteLikelyPublicKey(random, share[(keySize + 32)..]);
    }

    /// <summary>An encapsulation key is coefficients below 3329 of 12 bits each: bytes at random would betray themselves.</summary>
    private static void WriteMlKemKey(Span<byte> key, IRandomSource random)
    {
        Span<byte> drawn = stackalloc byte[MlKemPairs * 4];
        random.Fill(drawn);
        for (var i = 0; i < MlKemPairs; i++)
        {
            var a = BinaryPrimitives.ReadUInt16LittleEndian(drawn[(i * 4)..]) % MlKemModulus;
            var b = BinaryPrimitives.ReadUInt16LittleEndian(drawn[((i * 4) + 2)..]) % MlKemModulus;
            key[i * 3] = (byte)a;
            key[(i * 3) + 1] = (byte)((a >> 8) | (b << 4));
            key[(i * 3) + 2] = (byte)(b >> 4);
        }
    }

    private static void Shuffle(Span<ushort> values, IRandomSource random)
    {
        Span<byte> drawn = stackalloc byte[values.Length * 2];
        random.Fill(drawn);
        for (var i = values.Length - 1; i > 0; i--)
        {
            var j = BinaryPrimitives.ReadUInt16LittleEndian(drawn[(i * 2)..]) % (i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }
}
