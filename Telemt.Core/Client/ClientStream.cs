using System.Buffers.Binary;
using System.Diagnostics;
using Telemt.Core.Crypto;
using Telemt.Core.Wire;

namespace Telemt.Core.Client;

/// <summary>
/// A client's side of a connection after its handshake: seals what it sends and opens what it receives. No allocation for each chunk.
/// The first piece sealed carries the obfuscated header in front (and ChangeCipherSpec in fake TLS), as clients send them: in one write.
/// Seal and Open may run on two threads, each on one.
/// </summary>
internal sealed class ClientStream
{
    /// <summary>Most payload that clients put into one record (PROTOCOL D.7).</summary>
    public const int MaxRecordPayload = 2878;

    private const int RecordHeader = 5;

    private readonly AesCtr _up;
    private readonly AesCtr _down;
    private readonly bool _tls;
    private byte[]? _header;

    // The record that is being opened: how much of its five header bytes came, and how much payload is still to come.
    private int _headerSeen;
    private byte _lengthHigh;
    private int _left;
    private bool _broken;

    /// <param name="header">The 64 bytes as they go on the wire; kept until they are sent.</param>
    internal ClientStream(AesCtr up, AesCtr down, byte[] header, bool tls)
    {
        _up = up;
        _down = down;
        _header = header;
        _tls = tls;
    }

    private static ReadOnlySpan<byte> ChangeCipherSpec => [0x14, 0x03, 0x03, 0x00, 0x01, 0x01];

    /// <summary>Room that <see cref="Seal"/> needs at most for so much payload.</summary>
    public static int MaxSealedSize(int payload) =>
        ChangeCipherSpec.Length + ObfuscatedHeader.Size + payload + (RecordHeader * (((payload + ObfuscatedHeader.Size) / MaxRecordPayload) + 1));

    /// <summary>Encrypts, and wraps into records where the mode has them.</summary>
    /// <param name="payload">Any length; empty sends the header alone, if that is still to be sent.</param>
    /// <param name="destination">At least <see cref="MaxSealedSize"/>; apart from <paramref name="payload"/>.</param>
    /// <returns>Bytes to send.</returns>
    public int Seal(ReadOnlySpan<byte> payload, Span<byte> destination)
    {
        var header = _header;
        _header = null;
        var written = 0;
        if (!_tls)
        {
            header?.CopyTo(destination);
            written = header?.Length ?? 0;
            _up.Transform(payload, destination[written..]);
            return written + payload.Length;
        }

        if (header is not null)
        {
            ChangeCipherSpec.CopyTo(destination);
            written = ChangeCipherSpec.Length;
            var first = Math.Min(payload.Length, MaxRecordPayload - header.Length);
            written += WriteRecordHeader(destination[written..], header.Length + first);
            header.CopyTo(destination[written..]);
            written += header.Length;
            _up.Transform(payload[..first], destination[written..]);
            written += first;
            payload = payload[first..];
        }

        while (!payload.IsEmpty)
        {
            var size = Math.Min(payload.Length, MaxRecordPayload);
            written += WriteRecordHeader(destination[written..], size);
            _up.Transform(payload[..size], destination[written..]);
            written += size;
            payload = payload[size..];
        }

        return written;
    }

    /// <summary>Unwraps and decrypts where the bytes lie; the payload moves to the front.</summary>
    /// <returns>Payload bytes, maybe 0; -1 when the server sent what no client accepts, from then on for every chunk.</returns>
    public int Open(Span<byte> chunk)
    {
        if (!_tls)
        {
            _down.Transform(chunk);
            return chunk.Length;
        }

        var (read, written) = (0, 0);
        while (read < chunk.Length && !_broken)
        {
            if (_left == 0)
            {
                ReadHeaderByte(chunk[read++]);
                continue;
            }

            var size = Math.Min(_left, chunk.Length - read);
            _down.Transform(chunk.Slice(read, size), chunk[written..]);
            read += size;
            written += size;
            _left -= size;
        }

        return _broken ? -1 : written;
    }

    /// <summary>17 03 03 and a length that is not 0: clients close on anything else.</summary>
    private void ReadHeaderByte(byte value)
    {
        Debug.Assert(_headerSeen < RecordHeader);
        switch (_headerSeen++)
        {
            case 0:
                _broken = value != 0x17;
                break;
            case 1 or 2:
                _broken = value != 0x03;
                break;
            case 3:
                _lengthHigh = value;
                break;
            default:
                _left = (_lengthHigh << 8) | value;
                _broken = _left == 0;
                _headerSeen = 0;
                break;
        }
    }

    private static int WriteRecordHeader(Span<byte> destination, int length)
    {
        destination[0] = 0x17;
        destination[1] = 0x03;
        destination[2] = 0x03;
        BinaryPrimitives.WriteUInt16BigEndian(destination[3..], (ushort)length);
        return RecordHeader;
    }
}
