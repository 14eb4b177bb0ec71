using System.Buffers.Binary;

namespace Telemt.Core.Wire;

/// <summary>
/// The record layer that fake TLS shows (PROTOCOL D).
/// <code>
/// 0      1      3      5
/// | type | 03 x | len  | payload, len bytes (big-endian)
/// </code>
/// </summary>
internal static class TlsRecord
{
    public const int HeaderSize = 5;

    public const byte ChangeCipherSpec = 0x14;
    public const byte Alert = 0x15;
    public const byte Handshake = 0x16;
    public const byte ApplicationData = 0x17;

    /// <summary>Longest payload of a record in the clear, and the longest that we send (RFC 8446, 5.1).</summary>
    public const int MaxPlaintext = 16_384;

    /// <summary>Longest payload of an encrypted record (RFC 8446, 5.2).</summary>
    public const int MaxCiphertext = MaxPlaintext + 256;

    /// <summary>The whole record that TLS 1.3 sends for the sake of old boxes in between.</summary>
    public static ReadOnlySpan<byte> ChangeCipherSpecRecord => [ChangeCipherSpec, 3, 3, 0, 1, 1];

    /// <param name="header">At least <see cref="HeaderSize"/> bytes.</param>
    /// <param name="type">One of the four types above.</param>
    /// <param name="length">Payload bytes, 0..65,535.</param>
    public static void WriteHeader(Span<byte> header, byte type, int length)
    {
        header[0] = type;
        header[1] = 3;
        header[2] = 3;
        BinaryPrimitives.WriteUInt16BigEndian(header[3..], (ushort)length);
    }
}
