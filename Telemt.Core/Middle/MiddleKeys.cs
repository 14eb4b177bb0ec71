using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Telemt.Core.Crypto;

namespace Telemt.Core.Middle;

/// <summary>
/// Key and IV of one direction (PROTOCOL F.4):
/// <code>
/// P = nonce of the middle proxy: 16 | our nonce: 16 | our time: 4 | its IPv4: 4 | our port: 2 | purpose: 6
///   | our IPv4: 4 | its port: 2 | secret | nonce of the middle proxy: 16 | [our IPv6: 16 | its IPv6: 16] | our nonce: 16
/// key = MD5(P[1..])[..12] | SHA1(P)      iv = MD5(P[2..])
/// </code>
/// IPv4 addresses are numbers, little-endian like the rest, and zero on an IPv6 connection.
/// </summary>
internal static class MiddleKeys
{
    public const int NonceSize = 16;

    private const int PurposeSize = 6;
    private const int FixedSize = (4 * NonceSize) + (3 * sizeof(int)) + (2 * sizeof(ushort)) + PurposeSize;
    private const int MaxSize = FixedSize + MiddleSecret.MaxSize + (2 * 16);

    /// <param name="fromUs">Towards the middle proxy; else from it.</param>
    /// <param name="key">Receives 32 bytes.</param>
    /// <param name="iv">Receives 16 bytes.</param>
    [SuppressMessage("Security", "CA5350", Justification = "The protocol prescribes SHA-1.")]
    [SuppressMessage("Security", "CA5351", Justification = "The protocol prescribes MD5.")]
    public static void Derive(
        MiddleSecret secret,
        in MiddleEnds ends,
        ReadOnlySpan<byte> ourNonce,
        ReadOnlySpan<byte> middleNonce,
        uint ourTime,
        bool fromUs,
        Span<byte> key,
        Span<byte> iv)
    {
        Span<byte> material = stackalloc byte[MaxSize];
        var length = WriteMaterial(secret, ends, ourNonce, middleNonce, ourTime, fromUs, material);
        material = material[..length];

        Span<byte> digest = stackalloc byte[MD5.HashSizeInBytes];
        MD5.HashData(material[1..], digest);
        digest[..12].CopyTo(key);
        SHA1.HashData(material, key[12..AesCtr.KeySize]);
        MD5.HashData(material[2..], iv);
        CryptographicOperations.ZeroMemory(material);
    }

    private static int WriteMaterial(
        MiddleSecret secret,
        in MiddleEnds ends,
        ReadOnlySpan<byte> ourNonce,
        ReadOnlySpan<byte> middleNonce,
        uint ourTime,
        bool fromUs,
        Span<byte> material)
    {
        var rest = material;
        Put(middleNonce[..NonceSize], ref rest);
        Put(ourNonce[..NonceSize], ref rest);
        PutNumber(ourTime, ref rest);
        PutNumber(NumberOf(ends.Middle.Address), ref rest);
        PutPort(ends.Ours.Port, ref rest);
        Put(fromUs ? "CLIENT"u8 : "SERVER"u8, ref rest);
        PutNumber(NumberOf(ends.Ours.Address), ref rest);
        PutPort(ends.Middle.Port, ref rest);
        Put(secret.Bytes, ref rest);
        Put(middleNonce[..NonceSize], ref rest);
        if (ends.Ours.AddressFamily == AddressFamily.InterNetworkV6)
        {
            PutAddress(ends.Ours.Address, ref rest);
            PutAddress(ends.Middle.Address, ref rest);
        }

        Put(ourNonce[..NonceSize], ref rest);
        return material.Length - rest.Length;
    }

    /// <summary>0 for an IPv6 address.</summary>
    internal static uint NumberOf(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetwork)
        {
            return 0;
        }

        Span<byte> bytes = stackalloc byte[4];
        address.TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    private static void Put(ReadOnlySpan<byte> bytes, ref Span<byte> rest)
    {
        bytes.CopyTo(rest);
        rest = rest[bytes.Length..];
    }

    private static void PutNumber(uint value, ref Span<byte> rest)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(rest, value);
        rest = rest[sizeof(uint)..];
    }

    private static void PutPort(int port, ref Span<byte> rest)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(rest, (ushort)port);
        rest = rest[sizeof(ushort)..];
    }

    private static void PutAddress(IPAddress address, ref Span<byte> rest)
    {
        address.TryWriteBytes(rest, out var written);
        rest = rest[written..];
    }
}
