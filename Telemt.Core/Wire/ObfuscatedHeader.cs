using System.Buffers.Binary;
using Telemt.Core.Crypto;

namespace Telemt.Core.Wire;

/// <summary>
/// Writes the 64-byte header that opens an obfuscated2 connection, as a client towards a proxy or as a proxy towards a DC (PROTOCOL C).
/// <code>
/// 0        8                    40        56    60   62     64
/// | random | seed of our stream | its IV  | tag | dc | random |
/// |&lt;--------- sent as it is ------------&gt;|&lt;-- sent encrypted --&gt;|
/// </code>
/// The 48 bytes from 8 on, read backwards, are seed and IV of the other direction.
/// </summary>
internal static class ObfuscatedHeader
{
    public const int Size = HandshakeKeys.HeaderSize;
    public const int TagOffset = 56;
    public const int DcOffset = 60;

    // What begins like this would be taken for another protocol, by a server or by somebody in between.
    private const byte AbridgedStart = 0xef;
    private const uint Head = 0x4845_4144;
    private const uint Post = 0x504f_5354;
    private const uint Get = 0x4745_5420;
    private const uint Options = 0x4f50_5449;
    private const uint IntermediateStart = 0xeeee_eeee;
    private const uint PaddedStart = 0xdddd_dddd;
    private const uint TlsStart = 0x1603_0102;

    /// <summary>Whether nobody may open a connection with these bytes (PROTOCOL C.3).</summary>
    /// <param name="header">At least the first 8 bytes.</param>
    public static bool IsForbidden(ReadOnlySpan<byte> header) =>
        header[0] == AbridgedStart
        || BinaryPrimitives.ReadUInt32BigEndian(header)
            is Head or Post or Get or Options or IntermediateStart or PaddedStart or TlsStart
        || BinaryPrimitives.ReadUInt32BigEndian(header[4..]) == 0;

    /// <summary>Writes a header of random seeds.</summary>
    /// <param name="secret">The user's towards a proxy, null towards a DC.</param>
    /// <param name="dc">As PROTOCOL C.2 has it: negative for media, from 10000 up for test.</param>
    /// <param name="header">Receives the 64 bytes as they go on the wire.</param>
    /// <returns>Up: what we send, 64 bytes on, past the header. Down: what we receive, at its start.</returns>
    public static (AesCtr Up, AesCtr Down) WriteOutgoing(
        IRandomSource random,
        Secret? secret,
        ProtocolTag tag,
        short dc,
        Span<byte> header)
    {
        FillStart(random, header, Size);
        var up = Finish(secret, tag, dc, header);
        Span<byte> key = stackalloc byte[AesCtr.KeySize];
        Span<byte> iv = stackalloc byte[AesCtr.IvSize];
        HandshakeKeys.ServerToClient(header, secret, key, iv);
        return (up, new AesCtr(key, iv));
    }

    /// <summary>
    /// Writes a header towards a DC that makes the DC encrypt with the client's own stream (fast mode, PROTOCOL C.6): its bytes then go
    /// to the client as they come, without any cipher.
    /// </summary>
    /// <param name="clientKey">32 bytes: the key of what the client receives, hashed with its secret.</param>
    /// <param name="clientIv">16 bytes: its IV; nothing may have been sent to the client under it.</param>
    /// <param name="tag">The client's own tag: the framing passes unchanged.</param>
    /// <inheritdoc cref="WriteOutgoing"/>
    /// <returns>What we send, 64 bytes on, past the header.</returns>
    public static AesCtr WriteFast(
        IRandomSource random,
        ReadOnlySpan<byte> clientKey,
        ReadOnlySpan<byte> clientIv,
        ProtocolTag tag,
        short dc,
        Span<byte> header)
    {
        FillStart(random, header, HandshakeKeys.SeedOffset);
        var material = header.Slice(HandshakeKeys.SeedOffset, HandshakeKeys.MaterialSize);
        clientKey[..AesCtr.KeySize].CopyTo(material);
        clientIv[..AesCtr.IvSize].CopyTo(material[AesCtr.KeySize..]);
        material.Reverse();
        random.Fill(header[TagOffset..Size]);
        return Finish(secret: null, tag, dc, header);
    }

    /// <summary>What a client wrote at 56 and 60, once those bytes are decrypted.</summary>
    /// <returns>False when the four tag bytes name no framing.</returns>
    public static bool TryReadPlain(ReadOnlySpan<byte> plainHeader, out ProtocolTag tag, out short dc)
    {
        var first = plainHeader[TagOffset];
        tag = (ProtocolTag)first;
        dc = BinaryPrimitives.ReadInt16LittleEndian(plainHeader[DcOffset..]);
        return tag is ProtocolTag.Abridged or ProtocolTag.Intermediate or ProtocolTag.PaddedIntermediate
            && !plainHeader.Slice(TagOffset, DcOffset - TagOffset).ContainsAnyExcept(first);
    }

    private static void FillStart(IRandomSource random, Span<byte> header, int count)
    {
        do
        {
            random.Fill(header[..count]);
        }
        while (IsForbidden(header));
    }

    /// <summary>Puts tag and index in, and encrypts them.</summary>
    private static AesCtr Finish(Secret? secret, ProtocolTag tag, short dc, Span<byte> header)
    {
        header[TagOffset..DcOffset].Fill((byte)tag);
        BinaryPrimitives.WriteInt16LittleEndian(header[DcOffset..], dc);

        Span<byte> key = stackalloc byte[AesCtr.KeySize];
        Span<byte> iv = stackalloc byte[AesCtr.IvSize];
        HandshakeKeys.ClientToServer(header[..Size], secret, key, iv);
        var up = new AesCtr(key, iv);
        Span<byte> encrypted = stackalloc byte[Size];
        up.Transform(header[..Size], encrypted);
        encrypted[TagOffset..].CopyTo(header[TagOffset..]);
        return up;
    }
}
