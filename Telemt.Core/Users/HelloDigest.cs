using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Telemt.Core.Wire;

namespace Telemt.Core.Users;

/// <summary>
/// The digest in a fake-TLS hello's random field (PROTOCOL D.1, D.2), checked for one user by the platform's HMAC:
/// <code>
/// 0        11                         39        43
/// | header | HMAC-SHA256[0..28]       | [28..32] XOR time | session id ...
/// </code>
/// </summary>
internal static class HelloDigest
{
    public const int Offset = 11;
    public const int Size = 32;

    /// <summary>What of it is compared; the rest carries the time.</summary>
    public const int ComparedSize = 28;

    // Hellos of today end below 2 KiB.
    private const int OnStack = 2048;

    /// <summary>Whether the record can hold a digest at all.</summary>
    public static bool IsIn(ReadOnlySpan<byte> record) => record.Length >= Offset + Size;

    /// <param name="record">The whole ClientHello record with its header.</param>
    /// <param name="secret">The user's.</param>
    /// <param name="time">Unix seconds that the client claims; only meaningful when the digest is right.</param>
    public static bool Matches(ReadOnlySpan<byte> record, Secret secret, out uint time)
    {
        var rented = record.Length > OnStack ? ArrayPool<byte>.Shared.Rent(record.Length) : null;
        var zeroed = (rented ?? stackalloc byte[OnStack])[..record.Length];
        record.CopyTo(zeroed);
        zeroed.Slice(Offset, Size).Clear();
        Span<byte> digest = stackalloc byte[Size];
        HMACSHA256.HashData(secret.Bytes, zeroed, digest);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
        var random = record.Slice(Offset, Size);
        time = BinaryPrimitives.ReadUInt32LittleEndian(digest[ComparedSize..]) ^ BinaryPrimitives.ReadUInt32LittleEndian(random[ComparedSize..]);
        return CryptographicOperations.FixedTimeEquals(digest[..ComparedSize], random[..ComparedSize]);
    }
}
