using System.Buffers.Binary;

namespace Telemt.Core.Wire;

internal enum HelloStatus : byte
{
    NeedMore,
    Malformed,
    Complete,
}

/// <summary>
/// How a ClientHello lies in the bytes of a connection (PROTOCOL D.1): usually one handshake record, but tools between the client
/// and us cut the message into several. Only lengths and types are looked at here; <see cref="ClientHello"/> reads the message.
/// <code>
/// 16 03 01 len | 01 length(3) ...        one record: len = 4 + length
/// 16 03 01 a | 01 len... | 16 03 01 b | ...   several: a + b + ... = 4 + length
/// </code>
/// </summary>
internal readonly struct HelloFrame
{
    /// <summary>More than any splitting tool makes, few enough that looking at them again on each segment costs nothing.</summary>
    public const int MaxRecords = 16;

    /// <summary>Longest message, and so the longest rebuilt record's payload.</summary>
    public const int MaxMessage = TlsRecord.MaxPlaintext;

    /// <summary>Most bytes that can pass before a hello is complete or refused: what a caller must be able to hold.</summary>
    public const int MaxWireLength = MaxMessage + (MaxRecords * TlsRecord.HeaderSize);

    private const byte ClientHelloType = 1;
    private const int MessageHeaderSize = 4;

    private HelloFrame(HelloStatus status, int needed, int wireLength, int records)
    {
        Status = status;
        Needed = needed;
        WireLength = wireLength;
        Records = records;
    }

    public HelloStatus Status { get; }

    /// <summary>With <see cref="HelloStatus.NeedMore"/>: at least so many bytes are lacking.</summary>
    public int Needed { get; }

    /// <summary>With <see cref="HelloStatus.Complete"/>: bytes of the connection that the hello takes.</summary>
    public int WireLength { get; }

    /// <summary>With <see cref="HelloStatus.Complete"/>: 1 when the bytes are the record, else <see cref="Join"/> makes it.</summary>
    public int Records { get; }

    /// <summary>Looks at all bytes of the connection so far. A lie is told at the first byte that shows it.</summary>
    public static HelloFrame Scan(ReadOnlySpan<byte> bytes)
    {
        Span<byte> messageHeader = stackalloc byte[MessageHeaderSize];
        var (at, joined) = (0, 0);
        for (var records = 1; records <= MaxRecords; records++)
        {
            var rest = bytes[at..];
            if (!StartsRecord(rest))
            {
                return Malformed;
            }

            if (rest.Length < TlsRecord.HeaderSize)
            {
                return NeedMore(TlsRecord.HeaderSize - rest.Length);
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(rest[3..]);
            var payload = rest[TlsRecord.HeaderSize..];
            payload = payload[..Math.Min(payload.Length, length)];
            var seen = FillHeader(messageHeader, joined, payload);
            if (length is 0 or > TlsRecord.MaxPlaintext || (seen > 0 && messageHeader[0] != ClientHelloType))
            {
                return Malformed;
            }

            // Until its own header is complete the message may have any length.
            var message = seen < MessageHeaderSize ? MaxMessage : MessageHeaderSize + ReadUInt24(messageHeader[1..]);
            if (message > MaxMessage || joined + length > message)
            {
                return Malformed;
            }

            if (payload.Length < length)
            {
                return NeedMore(length - payload.Length);
            }

            at += TlsRecord.HeaderSize + length;
            joined += length;
            if (seen == MessageHeaderSize && joined == message)
            {
                return new HelloFrame(HelloStatus.Complete, 0, at, records);
            }
        }

        return Malformed;
    }

    /// <summary>The one record that the client hashed before its hello was cut: 16 03 01, the message's length, the message.</summary>
    /// <param name="bytes">The bytes that <see cref="Scan"/> found complete.</param>
    public byte[] Join(ReadOnlySpan<byte> bytes)
    {
        var record = new byte[WireLength - ((Records - 1) * TlsRecord.HeaderSize)];
        bytes[..TlsRecord.HeaderSize].CopyTo(record);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(3), (ushort)(record.Length - TlsRecord.HeaderSize));
        var (from, to) = (0, TlsRecord.HeaderSize);
        while (from < WireLength)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(from + 3)..]);
            bytes.Slice(from + TlsRecord.HeaderSize, length).CopyTo(record.AsSpan(to));
            from += TlsRecord.HeaderSize + length;
            to += length;
        }

        return record;
    }

    /// <summary>True while the bytes, as many as there are, can begin a hello's record.</summary>
    public static bool StartsRecord(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> start = [TlsRecord.Handshake, 3, 1];
        var common = Math.Min(bytes.Length, start.Length);
        return bytes[..common].SequenceEqual(start[..common]);
    }

    private static HelloFrame Malformed => new(HelloStatus.Malformed, 0, 0, 0);

    private static HelloFrame NeedMore(int needed) => new(HelloStatus.NeedMore, needed, 0, 0);

    /// <summary>The message's own header may itself be cut: collect it. Returns how much of it is there.</summary>
    private static int FillHeader(Span<byte> header, int joined, ReadOnlySpan<byte> payload)
    {
        if (joined >= header.Length)
        {
            return header.Length;
        }

        var take = Math.Min(payload.Length, header.Length - joined);
        payload[..take].CopyTo(header[joined..]);
        return joined + take;
    }

    private static int ReadUInt24(ReadOnlySpan<byte> bytes) => (bytes[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]);
}
