using System.Buffers.Binary;
using System.Security.Cryptography;
using Telemt.Core.Crypto;
using Telemt.Core.Fronting;

namespace Telemt.Core.Wire;

/// <summary>
/// Writes our whole answer to a hello (PROTOCOL D.6): three records that leave in one write, or some clients break.
/// <code>
/// 16 03 03 len | 02 length(3) | 03 03 | random(32) | sid | session id | suite(2) | 00 | extensions(2)
/// 14 03 03 00 01 01
/// 17 03 03 len | random bytes, as long as the mask host's encrypted flight
/// </code>
/// The random is HMAC-SHA256(secret, client random | the answer with its random zeroed): how the client knows us.
/// </summary>
internal static class ServerHello
{
    /// <summary>Of the answer's random in the answer.</summary>
    public const int RandomOffset = ClientHello.RandomOffset;

    private const byte ServerHelloType = 2;
    private const int ExtensionHeaderSize = 4;
    private const int ShareHeaderSize = 4;

    /// <param name="record">The client's whole record.</param>
    /// <param name="hello">Where its fields lie.</param>
    /// <param name="shape">What <see cref="FlightProfile.Answer"/> chose for it.</param>
    /// <param name="secret">The user's.</param>
    /// <param name="random">Where every byte that means nothing comes from.</param>
    public static ReadOnlyMemory<byte> Write(
        ReadOnlySpan<byte> record, in ClientHello hello, in FlightShape shape, Secret secret, IRandomSource random)
    {
        var sessionId = hello.SessionId.Of(record);
        var extensions = SizeOf(shape);
        var message = 2 + ClientHello.RandomSize + 1 + sessionId.Length + 2 + 1 + 2 + extensions;
        var answer = TlsRecord.HeaderSize + 4 + message + TlsRecord.ChangeCipherSpecRecord.Length + TlsRecord.HeaderSize + shape.Flight;

        // The client's random stands before the answer, so that one pass hashes both where they lie.
        var buffer = new byte[ClientHello.RandomSize + answer];
        ClientHello.Random(record).CopyTo(buffer);

        var to = new Cursor(buffer.AsSpan(ClientHello.RandomSize));
        TlsRecord.WriteHeader(to.Take(TlsRecord.HeaderSize), TlsRecord.Handshake, message + 4);
        to.Write(ServerHelloType);
        to.Write(0);
        to.Write16(message);
        to.Write16(0x0303);
        to.Take(ClientHello.RandomSize);
        to.Write((byte)sessionId.Length);
        sessionId.CopyTo(to.Take(sessionId.Length));
        to.Write16(shape.Suite);
        to.Write(0);
        to.Write16(extensions);
        foreach (var extension in shape.Extensions)
        {
            WriteExtension(ref to, extension, shape.Group, random);
        }

        TlsRecord.ChangeCipherSpecRecord.CopyTo(to.Take(TlsRecord.ChangeCipherSpecRecord.Length));
        TlsRecord.WriteHeader(to.Take(TlsRecord.HeaderSize), TlsRecord.ApplicationData, shape.Flight);
        random.Fill(to.Take(shape.Flight));

        Span<byte> digest = stackalloc byte[ClientHello.RandomSize];
        HMACSHA256.HashData(secret.Bytes, buffer, digest);
        digest.CopyTo(buffer.AsSpan(ClientHello.RandomSize + RandomOffset));
        return buffer.AsMemory(ClientHello.RandomSize);
    }

    private static int SizeOf(in FlightShape shape)
    {
        var size = 0;
        foreach (var extension in shape.Extensions)
        {
            size += ExtensionHeaderSize
                + (extension.Type == Tls13.KeyShare ? ShareHeaderSize + Tls13.AnswerSize(shape.Group) : extension.Content.Length);
        }

        return size;
    }

    /// <summary>type(2) | length(2) | data; the data of key_share is group(2) | key length(2) | key.</summary>
    private static void WriteExtension(ref Cursor to, ServerExtension extension, ushort group, IRandomSource random)
    {
        to.Write16(extension.Type);
        if (extension.Type != Tls13.KeyShare)
        {
            to.Write16(extension.Content.Length);
            extension.Content.Span.CopyTo(to.Take(extension.Content.Length));
            return;
        }

        var key = Tls13.AnswerSize(group);
        to.Write16(ShareHeaderSize + key);
        to.Write16(group);
        to.Write16(key);
        random.Fill(to.Take(key - Tls13.X25519KeySize));
        Curve25519Point.WriteLikelyPublicKey(random, to.Take(Tls13.X25519KeySize));
    }

    /// <summary>What is left to write.</summary>
    private ref struct Cursor(Span<byte> left)
    {
        private Span<byte> _left = left;

        public Span<byte> Take(int length)
        {
            var taken = _left[..length];
            _left = _left[length..];
            return taken;
        }

        public void Write(byte value) => Take(1)[0] = value;

        public void Write16(int value) => BinaryPrimitives.WriteUInt16BigEndian(Take(2), (ushort)value);
    }
}
