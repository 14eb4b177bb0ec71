using System.Buffers.Binary;
using System.Security.Cryptography;
using Telemt.Core.Wire;

namespace Telemt.Core.Client;

/// <summary>What became of the server's answer to our ClientHello.</summary>
internal enum ServerFlightStatus
{
    /// <summary>Incomplete so far.</summary>
    Read,

    /// <summary>The three records, with the digest that only somebody with the secret can make.</summary>
    Accepted,

    /// <summary>No ServerHello record at the start: the peer does not speak TLS, or sent an alert.</summary>
    NoServerHello,

    /// <summary>Not followed by ChangeCipherSpec and one application-data record: a real TLS 1.2 server, most likely.</summary>
    WrongRecords,

    /// <summary>Right in form, wrong in digest: a real web site, which is what a proxy shows to whoever it does not know.</summary>
    WrongDigest,
}

/// <summary>
/// Checks the first flight of a fake-TLS server as clients do (PROTOCOL D.6):
/// <code>
/// 16 03 03 | length | ServerHello, random at 11..42 | 14 03 03 00 01 01 | 17 03 03 | length | bytes
/// random = HMAC-SHA256(secret, random of our hello | all three records with the random zeroed)
/// </code>
/// </summary>
internal static class ServerFlight
{
    /// <summary>Android's buffer: a longer flight never completes there.</summary>
    public const int MaxSize = 65_536;

    private const int RandomOffset = 11;
    private const int RandomSize = 32;
    private const int RecordHeader = 5;

    private static ReadOnlySpan<byte> HelloStart => [0x16, 0x03, 0x03];

    private static ReadOnlySpan<byte> BetweenRecords => [0x14, 0x03, 0x03, 0x00, 0x01, 0x01, 0x17, 0x03, 0x03];

    /// <param name="received">Everything since our hello.</param>
    /// <param name="helloRandom">The 32 bytes at offset 11 of our hello.</param>
    /// <param name="size">Bytes of the flight, once accepted.</param>
    public static ServerFlightStatus Read(ReadOnlySpan<byte> received, Secret secret, ReadOnlySpan<byte> helloRandom, out int size)
    {
        size = 0;
        if (!StartsAlike(received, HelloStart))
        {
            return ServerFlightStatus.NoServerHello;
        }

        if (received.Length < RecordHeader)
        {
            return ServerFlightStatus.Read;
        }

        var between = RecordHeader + BinaryPrimitives.ReadUInt16BigEndian(received[3..]);
        if (between < RandomOffset + RandomSize)
        {
            return ServerFlightStatus.WrongRecords;
        }

        if (received.Length > between && !StartsAlike(received[between..], BetweenRecords))
        {
            return ServerFlightStatus.WrongRecords;
        }

        var lengthAt = between + BetweenRecords.Length;
        if (received.Length < lengthAt + 2)
        {
            return ServerFlightStatus.Read;
        }

        var total = lengthAt + 2 + BinaryPrimitives.ReadUInt16BigEndian(received[lengthAt..]);
        if (total > MaxSize)
        {
            return ServerFlightStatus.WrongRecords;
        }

        if (received.Length < total)
        {
            return ServerFlightStatus.Read;
        }

        size = total;
        return HasDigest(received[..total], secret, helloRandom) ? ServerFlightStatus.Accepted : ServerFlightStatus.WrongDigest;
    }

    private static bool StartsAlike(ReadOnlySpan<byte> received, ReadOnlySpan<byte> expected)
    {
        var count = Math.Min(received.Length, expected.Length);
        return received[..count].SequenceEqual(expected[..count]);
    }

    private static bool HasDigest(ReadOnlySpan<byte> flight, Secret secret, ReadOnlySpan<byte> helloRandom)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret.Bytes);
        hmac.AppendData(helloRandom[..RandomSize]);
        hmac.AppendData(flight[..RandomOffset]);
        hmac.AppendData(stackalloc byte[RandomSize]);
        hmac.AppendData(flight[(RandomOffset + RandomSize)..]);
        Span<byte> digest = stackalloc byte[RandomSize];
        hmac.GetHashAndReset(digest);
        return CryptographicOperations.FixedTimeEquals(digest, flight.Slice(RandomOffset, RandomSize));
    }
}
