using System.Buffers.Binary;
using System.Collections.Immutable;
using Telemt.Core.Wire;

namespace Telemt.Core.Fronting;

/// <summary>
/// Reads a web server's first flight as far as an observer can (RFC 8446, 4.1.3):
/// <code>
/// 16 03 03 len | 02 length(3) | 03 03 | random(32) | sid | session id | suite(2) | 00 | extensions(2): type(2) | length(2) | data
/// 14 03 03 00 01 01                                    only for clients that sent a session id
/// 17 03 03 len | ...                                   one or several, as the server's TLS library has it
/// </code>
/// </summary>
internal sealed record HostFlight
{
    private const byte ServerHelloType = 2;
    private const int MessageHeaderSize = 4;

    public required HostFlightKind Kind { get; init; }

    /// <summary>With <see cref="HostFlightKind.Tls13"/>.</summary>
    public ushort Suite { get; init; }

    /// <summary>Of the key share, or of the key that a HelloRetryRequest asks for.</summary>
    public ushort Group { get; init; }

    /// <summary>With <see cref="HostFlightKind.Tls13"/>: as they stand in the ServerHello.</summary>
    public ImmutableArray<ServerExtension> Extensions { get; init; } = [];

    /// <summary>Payload lengths of the complete records behind the ServerHello, but for ChangeCipherSpec.</summary>
    public ImmutableArray<int> Records { get; init; } = [];

    /// <summary>With <see cref="HostFlightKind.Alert"/>: its description (RFC 8446, 6).</summary>
    public byte Alert { get; init; }

    /// <summary>True while the last record has begun and not ended.</summary>
    public bool EndsWithinRecord { get; init; }

    /// <summary>SHA-256 of "HelloRetryRequest": the random that tells one from a ServerHello.</summary>
    private static ReadOnlySpan<byte> RetryRandom =>
    [
        0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
        0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
    ];

    /// <param name="bytes">All that the server has sent so far.</param>
    public static HostFlight Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < TlsRecord.HeaderSize)
        {
            return Of(HostFlightKind.Incomplete);
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
        if (bytes[1] != 3 || bytes[0] is not (TlsRecord.Handshake or TlsRecord.Alert) || length is 0 or > TlsRecord.MaxCiphertext)
        {
            return Of(HostFlightKind.NotTls);
        }

        if (bytes.Length < TlsRecord.HeaderSize + length)
        {
            return Of(HostFlightKind.Incomplete);
        }

        var record = bytes[..(TlsRecord.HeaderSize + length)];
        if (record[0] == TlsRecord.Alert)
        {
            return new HostFlight { Kind = HostFlightKind.Alert, Alert = record[^1] };
        }

        var flight = ReadServerHello(record);
        return flight.Kind == HostFlightKind.Tls13 ? flight.WithRecords(bytes[record.Length..]) : flight;
    }

    private static HostFlight Of(HostFlightKind kind) => new() { Kind = kind };

    private static HostFlight ReadServerHello(ReadOnlySpan<byte> record)
    {
        const int body = TlsRecord.HeaderSize + MessageHeaderSize;
        if (record.Length < body || record[TlsRecord.HeaderSize] != ServerHelloType)
        {
            return Of(HostFlightKind.NotTls);
        }

        // A server of an older version may put its certificate into the same record.
        var message = (record[6] << 16) | BinaryPrimitives.ReadUInt16BigEndian(record[7..]);
        if (message > record.Length - body)
        {
            return Of(HostFlightKind.OlderTls);
        }

        var reader = new TlsVectorReader(record, new TlsRange(body, (ushort)message));
        if (!reader.TryUInt16(out _)
            || !reader.TryTake(ClientHello.RandomSize, out var random)
            || !reader.TryVector8(out _)
            || !reader.TryUInt16(out var suite)
            || !reader.TryByte(out _))
        {
            return Of(HostFlightKind.NotTls);
        }

        if (reader.IsAtEnd || !reader.TryVector16(out var list) || !reader.IsAtEnd)
        {
            return Of(HostFlightKind.OlderTls);
        }

        return ReadExtensions(record, list, suite, random.Of(record).SequenceEqual(RetryRandom));
    }

    private static HostFlight ReadExtensions(ReadOnlySpan<byte> record, TlsRange list, ushort suite, bool isRetry)
    {
        var extensions = ImmutableArray.CreateBuilder<ServerExtension>();
        var reader = new TlsVectorReader(record, list);
        ushort version = 0;
        ushort group = 0;
        while (!reader.IsAtEnd)
        {
            if (!reader.TryUInt16(out var type) || !reader.TryVector16(out var data))
            {
                return Of(HostFlightKind.NotTls);
            }

            var content = data.Of(record);
            switch (type)
            {
                case Tls13.SupportedVersions when content.Length == sizeof(ushort):
                    version = BinaryPrimitives.ReadUInt16BigEndian(content);
                    break;
                case Tls13.KeyShare when content.Length >= sizeof(ushort):
                    group = BinaryPrimitives.ReadUInt16BigEndian(content);
                    content = [];
                    break;
            }

            extensions.Add(new ServerExtension(type, content.ToArray()));
        }

        if (version != Tls13.Version)
        {
            return Of(HostFlightKind.OlderTls);
        }

        return new HostFlight
        {
            Kind = isRetry ? HostFlightKind.Retry : HostFlightKind.Tls13,
            Suite = suite,
            Group = group,
            Extensions = extensions.ToImmutable(),
        };
    }

    private HostFlight WithRecords(ReadOnlySpan<byte> bytes)
    {
        var records = ImmutableArray.CreateBuilder<int>();
        while (bytes.Length >= TlsRecord.HeaderSize)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
            if (bytes.Length < TlsRecord.HeaderSize + length)
            {
                break;
            }

            if (bytes[0] != TlsRecord.ChangeCipherSpec)
            {
                records.Add(length);
            }

            bytes = bytes[(TlsRecord.HeaderSize + length)..];
        }

        return this with { Records = records.ToImmutable(), EndsWithinRecord = !bytes.IsEmpty };
    }
}
