using System.Security.Cryptography;
using Telemt.Core.Wire;

namespace Telemt.Core.Crypto;

/// <summary>
/// The keys and IVs that a 64-byte obfuscated2 header stands for (PROTOCOL C.1), as they are on the wire:
/// <code>
/// 0      8                        40            56        64
/// | rand | seed, client to server | IV          | (sealed)|
///        |&lt;-- read backwards: seed and IV, server to client
/// </code>
/// With a secret the key is SHA-256(seed, secret), without one (towards a DC) the seed itself.
/// </summary>
internal static class HandshakeKeys
{
    public const int HeaderSize = 64;
    public const int SeedOffset = 8;
    public const int SeedSize = AesCtr.KeySize;
    public const int IvOffset = 40;

    /// <summary>Seed and IV: also what a replay is known by (PROTOCOL C.4).</summary>
    public const int MaterialSize = SeedSize + AesCtr.IvSize;

    /// <summary>Key and IV of what the header's sender sends.</summary>
    /// <param name="header">64 bytes.</param>
    /// <param name="secret">The user's, or null towards a DC.</param>
    /// <param name="key">Receives 32 bytes.</param>
    /// <param name="iv">Receives 16 bytes.</param>
    public static void ClientToServer(ReadOnlySpan<byte> header, Secret? secret, Span<byte> key, Span<byte> iv)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(header.Length, HeaderSize);
        Derive(header.Slice(SeedOffset, MaterialSize), secret, key, iv);
    }

    /// <summary>Key and IV of what the header's sender receives.</summary>
    /// <inheritdoc cref="ClientToServer"/>
    public static void ServerToClient(ReadOnlySpan<byte> header, Secret? secret, Span<byte> key, Span<byte> iv)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(header.Length, HeaderSize);
        Span<byte> backwards = stackalloc byte[MaterialSize];
        header.Slice(SeedOffset, MaterialSize).CopyTo(backwards);
        backwards.Reverse();
        Derive(backwards, secret, key, iv);
    }

    private static void Derive(ReadOnlySpan<byte> material, Secret? secret, Span<byte> key, Span<byte> iv)
    {
        var seed = material[..SeedSize];
        if (secret is null)
        {
            seed.CopyTo(key);
        }
        else
        {
            Span<byte> salted = stackalloc byte[SeedSize + Secret.Size];
            seed.CopyTo(salted);
            secret.Bytes.CopyTo(salted[SeedSize..]);
            SHA256.HashData(salted, key);
        }
        material[SeedSize..].CopyTo(iv);
    }
}
