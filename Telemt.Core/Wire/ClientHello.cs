using System.Buffers.Binary;

namespace Telemt.Core.Wire;

/// <summary>
/// Where the fields of a ClientHello lie in its record (PROTOCOL D.1). Holds ranges only, so it is good as long as the record is.
/// Everything behind the session id is found by walking, extensions by their type: clients shuffle them and add new ones.
/// <code>
/// 0      1       3     5    6        9       11       43    44
/// | 16   | 03 01 | len | 01 | length | 03 03 | random | sid | session id | suites(2) | compression(1) | extensions(2)
/// </code>
/// </summary>
internal readonly struct ClientHello
{
    public const int RandomOffset = 11;
    public const int RandomSize = 32;
    public const int MaxSessionId = 32;

    private const int MessageHeaderSize = 4;
    private const int MaxServerName = 255;
    private const byte HostName = 0;

    public TlsRange SessionId { get; private init; }

    /// <summary>Two bytes each.</summary>
    public TlsRange CipherSuites { get; private init; }

    /// <summary>The name itself: printable ASCII, 1..255 bytes. Not present when the hello has no such extension.</summary>
    public TlsRange ServerName { get; private init; }

    /// <summary>Named groups, two bytes each.</summary>
    public TlsRange SupportedGroups { get; private init; }

    /// <summary>Versions, two bytes each.</summary>
    public TlsRange SupportedVersions { get; private init; }

    /// <summary>Entries of group(2), length(2), key.</summary>
    public TlsRange KeyShares { get; private init; }

    /// <summary>Entries of length(1), name.</summary>
    public TlsRange Alpn { get; private init; }

    /// <summary>All of them: entries of type(2), length(2), data. Not present in a hello without.</summary>
    public TlsRange Extensions { get; private init; }

    public static ReadOnlySpan<byte> Random(ReadOnlySpan<byte> record) => record.Slice(RandomOffset, RandomSize);

    /// <summary>
    /// False when a length does not fit, an extension that we read comes twice or breaks its own form, or the server name is not
    /// one plain host name (PROTOCOL D.5).
    /// </summary>
    /// <param name="record">One whole record, header included, of which <see cref="HelloFrame"/> has checked the lengths.</param>
    /// <param name="hello">Ranges over <paramref name="record"/>.</param>
    public static bool TryParse(ReadOnlySpan<byte> record, out ClientHello hello)
    {
        hello = default;
        const int body = TlsRecord.HeaderSize + MessageHeaderSize;
        if (record.Length < body)
        {
            return false;
        }

        var reader = new TlsVectorReader(record, new TlsRange(body, (ushort)(record.Length - body)));
        if (!reader.TryUInt16(out var version) || version >> 8 != 3
            || !reader.TryTake(RandomSize, out _)
            || !reader.TryVector8(out var sessionId) || sessionId.Length > MaxSessionId
            || !reader.TryVector16(out var suites) || !IsListOfUInt16(suites)
            || !reader.TryVector8(out var compression) || compression.Length == 0)
        {
            return false;
        }

        hello = new ClientHello { SessionId = sessionId, CipherSuites = suites };
        if (reader.IsAtEnd)
        {
            return true;
        }

        if (!reader.TryVector16(out var extensions) || !reader.IsAtEnd)
        {
            return false;
        }

        hello = hello with { Extensions = extensions };
        return TryExtensions(record, extensions, ref hello);
    }

    public bool OffersSuite(ReadOnlySpan<byte> record, ushort suite)
    {
        for (var i = 0; i < CipherSuites.Length; i += sizeof(ushort))
        {
            if (SuiteAt(record, i) == suite)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first TLS 1.3 suite in the client's order; 0 when it offers none.</summary>
    public ushort FirstTls13Suite(ReadOnlySpan<byte> record)
    {
        for (var i = 0; i < CipherSuites.Length; i += sizeof(ushort))
        {
            if (Tls13.IsSuite(SuiteAt(record, i)))
            {
                return SuiteAt(record, i);
            }
        }

        return 0;
    }

    /// <summary>True when the client sent a key for the group, so that a server may choose it without asking again.</summary>
    public bool OffersKeyShare(ReadOnlySpan<byte> record, ushort group)
    {
        var reader = new TlsVectorReader(record, KeyShares);
        while (reader.TryUInt16(out var offered) && reader.TryVector16(out _))
        {
            if (offered == group)
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryExtensions(ReadOnlySpan<byte> record, TlsRange extensions, ref ClientHello hello)
    {
        var reader = new TlsVectorReader(record, extensions);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryUInt16(out var type) || !reader.TryVector16(out var data) || !TryExtension(record, type, data, ref hello))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryExtension(ReadOnlySpan<byte> record, ushort type, TlsRange data, ref ClientHello hello)
    {
        var reader = new TlsVectorReader(record, data);
        TlsRange list;
        switch (type)
        {
            case Tls13.ServerName when !hello.ServerName.IsPresent && TryServerName(record, data, out list):
                hello = hello with { ServerName = list };
                return true;
            case Tls13.SupportedGroups when !hello.SupportedGroups.IsPresent
                && reader.TryVector16(out list) && reader.IsAtEnd && IsListOfUInt16(list):
                hello = hello with { SupportedGroups = list };
                return true;
            case Tls13.SupportedVersions when !hello.SupportedVersions.IsPresent
                && reader.TryVector8(out list) && reader.IsAtEnd && IsListOfUInt16(list):
                hello = hello with { SupportedVersions = list };
                return true;
            case Tls13.KeyShare when !hello.KeyShares.IsPresent
                && reader.TryVector16(out list) && reader.IsAtEnd && AreKeyShares(record, list):
                hello = hello with { KeyShares = list };
                return true;
            case Tls13.Alpn when !hello.Alpn.IsPresent && reader.TryVector16(out list) && reader.IsAtEnd && AreNames(record, list):
                hello = hello with { Alpn = list };
                return true;
            default:
                return type is not (Tls13.ServerName or Tls13.SupportedGroups or Tls13.SupportedVersions or Tls13.KeyShare or Tls13.Alpn);
        }
    }

    /// <summary>list length(2) | 00 | name length(2) | name: exactly one host name, nothing behind it.</summary>
    private static bool TryServerName(ReadOnlySpan<byte> record, TlsRange data, out TlsRange name)
    {
        name = default;
        var reader = new TlsVectorReader(record, data);
        if (!reader.TryVector16(out var list) || !reader.IsAtEnd)
        {
            return false;
        }

        var entry = new TlsVectorReader(record, list);
        return entry.TryByte(out var type) && type == HostName
            && entry.TryVector16(out name) && entry.IsAtEnd
            && name.Length is > 0 and <= MaxServerName
            && !name.Of(record).ContainsAnyExceptInRange((byte)0x21, (byte)0x7e);
    }

    private static bool AreKeyShares(ReadOnlySpan<byte> record, TlsRange list)
    {
        var reader = new TlsVectorReader(record, list);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryUInt16(out _) || !reader.TryVector16(out var key) || key.Length == 0)
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreNames(ReadOnlySpan<byte> record, TlsRange list)
    {
        var reader = new TlsVectorReader(record, list);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryVector8(out var name) || name.Length == 0)
            {
                return false;
            }
        }

        return list.Length > 0;
    }

    private static bool IsListOfUInt16(TlsRange list) => list.Length >= sizeof(ushort) && list.Length % sizeof(ushort) == 0;

    private ushort SuiteAt(ReadOnlySpan<byte> record, int offset)
        => BinaryPrimitives.ReadUInt16BigEndian(CipherSuites.Of(record)[offset..]);
}
