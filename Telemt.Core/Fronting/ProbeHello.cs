using Telemt.Core.Client;
using Telemt.Core.Crypto;
using Telemt.Core.Wire;

namespace Telemt.Core.Fronting;

/// <summary>
/// The hellos that a mask host is asked with. A server cannot tell them from those of the client they were made after, and nobody can
/// tell which connection they were made after: random, session id and keys are new.
/// </summary>
internal static class ProbeHello
{
    private const int EchHeaderSize = 8;
    private const int EchKeySize = 32;

    /// <summary>
    /// What any mask host is asked with from the start: a browser of today, one of yesterday with x25519 only, and what tells whether the
    /// host goes by its own order of suites and by the client's protocols.
    /// </summary>
    public static ReadOnlySpan<HelloStyle> Styles => [HelloStyle.Modern, HelloStyle.Legacy, HelloStyle.Aes256First, HelloStyle.Http1];

    public static byte[] Write(HelloStyle style, string domain, IRandomSource random)
    {
        var secret = new byte[Secret.Size];
        random.Fill(secret);
        return ClientHelloWriter.Write(new Secret(secret), domain, 0, random, style);
    }

    /// <summary>A hello with the same offer as the one given, or null when no other can be made of it.</summary>
    /// <param name="record">A whole record; not changed.</param>
    public static byte[]? Like(ReadOnlySpan<byte> record, IRandomSource random)
    {
        if (!ClientHello.TryParse(record, out var hello))
        {
            return null;
        }

        var like = record.ToArray();
        random.Fill(like.AsSpan(ClientHello.RandomOffset, ClientHello.RandomSize));
        random.Fill(Of(like, hello.SessionId));
        var reader = new TlsVectorReader(record, hello.Extensions);
        while (reader.TryUInt16(out var type) && reader.TryVector16(out var data))
        {
            switch (type)
            {
                case Tls13.KeyShare when !TryKeys(record, hello.KeyShares, like, random):
                case Tls13.PreSharedKey:
                    return null;
                case Tls13.SessionTicket:
                    random.Fill(Of(like, data));
                    break;
                case Tls13.EncryptedClientHello when data.Length > EchHeaderSize + EchKeySize + 2:
                    WriteEch(Of(like, data), random);
                    break;
            }
        }

        return like;
    }

    private static bool TryKeys(ReadOnlySpan<byte> record, TlsRange keys, byte[] like, IRandomSource random)
    {
        var reader = new TlsVectorReader(record, keys);
        while (reader.TryUInt16(out var group) && reader.TryVector16(out var key))
        {
            switch (group)
            {
                case Tls13.X25519 when key.Length == Tls13.X25519KeySize:
                    Curve25519Point.WriteLikelyPublicKey(random, Of(like, key));
                    break;
                case Tls13.X25519MlKem768 when key.Length == ClientHelloWriter.MlKemShareSize:
                    ClientHelloWriter.WriteMlKemShare(Of(like, key), random);
                    break;
                default:
                    if (!Tls13.IsGrease(group))
                    {
                        return false;
                    }

                    break;
            }
        }

        return true;
    }

    /// <summary>00 outer | KDF(2) | AEAD(2) | config id | 0020 | key: 32 | length(2) | payload</summary>
    private static void WriteEch(Span<byte> ech, IRandomSource random)
    {
        random.Fill(ech.Slice(5, 1));
        Curve25519Point.WriteLikelyPublicKey(random, ech.Slice(EchHeaderSize, EchKeySize));
        random.Fill(ech[(EchHeaderSize + EchKeySize + 2)..]);
    }

    private static Span<byte> Of(byte[] record, TlsRange range) => record.AsSpan(range.Start, range.Length);
}
