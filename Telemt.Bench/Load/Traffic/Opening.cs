using System.Buffers.Binary;
using System.Diagnostics;
using Telemt.Core;
using Telemt.Core.Client;
using Telemt.Core.Wire;

namespace Telemt.Bench.Load.Traffic;

/// <summary>
/// What a client sends until it is through, made cheaply: one ClientHello is written in full, and each connection gets it with a new
/// session id and digest. After the 64-byte header any bytes are valid ones to a proxy that does not look into frames, and the load's
/// Telegram throws them away.
/// </summary>
internal sealed class Opening
{
    /// <summary>Room for everything written here with a payload of a few hundred bytes.</summary>
    public const int MaxSize = 4096;

    public const int HeaderSize = ObfuscatedHeader.Size;
    public const int RecordHeader = 5;

    private const short Dc = 2;
    private const int SessionIdOffset = 44;
    private const int SessionIdSize = 32;
    private const int LengthOffset = 3;

    private readonly Secret _key;
    private readonly IRandomSource _random;
    private readonly TimeProvider _clock;
    private readonly byte[] _hello = [];

    public Opening(LoadMode mode, Secret key, string domain, IRandomSource random, TimeProvider clock)
    {
        Mode = mode;
        _key = key;
        _random = random;
        _clock = clock;
        if (mode == LoadMode.Tls)
        {
            _hello = ClientHelloWriter.Write(key, domain, Now(), random);
        }
    }

    public LoadMode Mode { get; }

    /// <summary>Whether there is a hello to send and a flight to await before anything else.</summary>
    public bool HasHello => Mode == LoadMode.Tls;

    private static ReadOnlySpan<byte> ChangeCipherSpec => [0x14, 0x03, 0x03, 0x00, 0x01, 0x01];

    /// <summary>Bytes on the client's wire for an answer of so many.</summary>
    public int Wrapped(int payload) => Mode == LoadMode.Tls ? payload + RecordHeader : payload;

    public int WriteHello(Span<byte> destination)
    {
        _hello.CopyTo(destination);
        var hello = destination[.._hello.Length];
        _random.Fill(hello.Slice(SessionIdOffset, SessionIdSize));
        hello.Slice(ClientHelloWriter.RandomOffset, ClientHelloWriter.RandomSize).Clear();
        ClientHelloWriter.Sign(hello, _key, Now());
        return hello.Length;
    }

    /// <summary>The header and so many bytes behind it, as one write; in plain mode as many bytes of nothing.</summary>
    public int WriteFirst(int payload, Span<byte> destination)
    {
        var size = HeaderSize + payload;
        var written = 0;
        if (Mode == LoadMode.Tls)
        {
            ChangeCipherSpec.CopyTo(destination);
            written = ChangeCipherSpec.Length;
            written += WriteRecordHeader(size, destination[written..]);
        }

        destination.Slice(written, size).Clear();
        if (Mode != LoadMode.Plain)
        {
            var tag = Mode == LoadMode.Classic ? ProtocolTag.Intermediate : ProtocolTag.PaddedIntermediate;
            ObfuscatedHeader.WriteOutgoing(_random, _key, tag, Dc, destination.Slice(written, HeaderSize));
        }

        return written + size;
    }

    /// <summary>A later message.</summary>
    public int WriteMessage(int payload, Span<byte> destination)
    {
        var written = Mode == LoadMode.Tls ? WriteRecordHeader(payload, destination) : 0;
        destination.Slice(written, payload).Clear();
        return written + payload;
    }

    /// <summary>The length of the server's three records, 0 while it is unknown, -1 if these are not three records.</summary>
    public static int FlightSize(ReadOnlySpan<byte> received)
    {
        ReadOnlySpan<byte> types = [0x16, 0x14, 0x17];
        var size = 0;
        foreach (var type in types)
        {
            if (received.Length < size + RecordHeader)
            {
                return 0;
            }

            if (received[size] != type)
            {
                return -1;
            }

            size += RecordHeader + BinaryPrimitives.ReadUInt16BigEndian(received[(size + LengthOffset)..]);
        }

        return received.Length < size ? 0 : size;
    }

    public static int WriteRecordHeader(int length, Span<byte> destination)
    {
        Debug.Assert(length <= ushort.MaxValue);
        destination[0] = 0x17;
        destination[1] = 0x03;
        destination[2] = 0x03;
        BinaryPrimitives.WriteUInt16BigEndian(destination[LengthOffset..], (ushort)length);
        return RecordHeader;
    }

    private uint Now() => (uint)_clock.GetUtcNow().ToUnixTimeSeconds();
}
