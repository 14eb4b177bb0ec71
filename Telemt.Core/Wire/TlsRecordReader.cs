using System.Diagnostics;

namespace Telemt.Core.Wire;

/// <summary>How a client's record stream stands.</summary>
internal enum TlsStreamState : byte
{
    Open,

    /// <summary>An alert: the TLS way to say goodbye.</summary>
    Closed,

    /// <summary>Something that no TLS 1.3 client sends behind its hello.</summary>
    Broken,
}

/// <summary>
/// Takes the records off a client's stream after its hello (PROTOCOL D.7), in any segmentation: the state between two chunks is
/// a few bytes, wherever they were cut. Application data is payload, the ChangeCipherSpec of old is skipped, an alert ends the
/// stream and anything else breaks it. What stands behind the end is never looked at.
/// </summary>
internal struct TlsRecordReader
{
    /// <summary>One is usual, at the start. The bound only keeps a client from sending nothing else.</summary>
    public const int MaxChangeCipherSpecs = 16;

    private ushort _left;
    private byte _headerSeen;
    private byte _type;
    private byte _changeCipherSpecs;

    public TlsStreamState State { get; private set; }

    /// <summary>
    /// Moves the payload of a chunk to its front and returns how much that is: 0 as long as only headers came, and for every chunk
    /// behind the end (<see cref="State"/>).
    /// </summary>
    public int Unwrap(Span<byte> chunk)
    {
        var (read, written) = (0, 0);
        while (TryNext(chunk, ref read, int.MaxValue, out var payload))
        {
            if (payload.Start.Value != written)
            {
                chunk[payload].CopyTo(chunk[written..]);
            }

            written += payload.End.Value - payload.Start.Value;
        }

        return written;
    }

    /// <summary>The next piece of payload in a chunk.</summary>
    /// <param name="chunk">Bytes of the stream.</param>
    /// <param name="read">How many of them have been read; advanced to the end of the piece.</param>
    /// <param name="limit">Longest piece wanted.</param>
    /// <param name="payload">Where the piece lies; never empty.</param>
    /// <returns>False when the rest of the chunk holds no payload: all of it is read, or the stream has ended.</returns>
    public bool TryNext(ReadOnlySpan<byte> chunk, ref int read, int limit, out Range payload)
    {
        Debug.Assert(limit > 0);
        while (State == TlsStreamState.Open && read < chunk.Length)
        {
            if (_headerSeen < TlsRecord.HeaderSize)
            {
                ReadHeader(chunk[read++]);
            }
            else if (_type == TlsRecord.ApplicationData)
            {
                var start = read;
                read += Math.Min(Math.Min(_left, limit), chunk.Length - read);
                Spend(read - start);
                payload = start..read;
                return true;
            }
            else
            {
                // The one byte of a ChangeCipherSpec.
                State = chunk[read++] == 1 ? TlsStreamState.Open : TlsStreamState.Broken;
                Spend(1);
            }
        }

        payload = default;
        return false;
    }

    private void Spend(int bytes)
    {
        _left -= (ushort)bytes;
        if (_left == 0)
        {
            _headerSeen = 0;
        }
    }

    /// <summary>One byte of a header: it is cut anywhere, and a wrong one shows as early as it can.</summary>
    private void ReadHeader(byte value)
    {
        var fits = true;
        switch (_headerSeen++)
        {
            case 0:
                _type = value;
                fits = value is TlsRecord.ApplicationData or TlsRecord.ChangeCipherSpec or TlsRecord.Alert;
                break;
            case 1:
            case 2:
                fits = value == 3;
                break;
            case 3:
                _left = (ushort)(value << 8);
                break;
            default:
                _left |= value;
                fits = BeginRecord();
                break;
        }

        if (!fits)
        {
            State = TlsStreamState.Broken;
        }
    }

    private bool BeginRecord()
    {
        switch (_type)
        {
            case TlsRecord.ApplicationData:
                return _left is > 0 and <= TlsRecord.MaxCiphertext;
            case TlsRecord.ChangeCipherSpec:
                return _left == 1 && ++_changeCipherSpecs <= MaxChangeCipherSpecs;
            default:
                State = TlsStreamState.Closed;
                return true;
        }
    }
}
