using System.Buffers;

namespace Telemt.Core.Wire;

/// <summary>Who wrote the frames: only a server sends bare quick-ack tokens, only a client asks for them.</summary>
internal enum FrameSource
{
    Client,
    Server,
}

internal enum FrameStep
{
    /// <summary>All input is used up and no frame is complete.</summary>
    Read,

    /// <summary>A frame is in <see cref="FrameReader.Payload"/>.</summary>
    Frame,

    /// <summary>A quick-ack token is in <see cref="FrameReader.Payload"/>, 4 bytes in the order that WriteQuickAck was given.</summary>
    QuickAck,

    /// <summary>The stream is not one of this framing, or a frame is longer than allowed; stays so.</summary>
    Invalid,
}

/// <summary>
/// Takes frames from a decrypted stream that arrives in pieces of any size. Holds the frame that is under way in a buffer that grows
/// with what has arrived, not with what a header promises. One per direction; not for several threads.
/// </summary>
/// <param name="maxLength">Longest frame, padding included.</param>
internal sealed class FrameReader(Framing framing, FrameSource source, int maxLength = FrameReader.DefaultMaxLength)
{
    public const int DefaultMaxLength = 1 << 20;

    /// <summary>A longer buffer is given back once its frame is done: an idle connection holds little.</summary>
    private const int KeptCapacity = 16 * 1024;

    private ArrayBufferWriter<byte> _held = new();
    private FrameHeader _header;
    private FrameStep _last = FrameStep.Read;

    /// <summary>Valid after Frame or QuickAck, until the next <see cref="Step"/>. Padding that is known as such is left out.</summary>
    public ReadOnlySpan<byte> Payload => _last switch
    {
        FrameStep.Frame => _held.WrittenSpan.Slice(_header.Size, _header.Length - _header.Padding),
        FrameStep.QuickAck => _held.WrittenSpan,
        _ => [],
    };

    /// <summary>Whether the frame in <see cref="Payload"/> asks for a quick acknowledgement.</summary>
    public bool QuickAck => _last == FrameStep.Frame && _header.QuickAck;

    /// <summary>Goes on by at most one frame and cuts what it used off the front of <paramref name="input"/>.</summary>
    public FrameStep Step(ref ReadOnlySpan<byte> input)
    {
        if (_last is FrameStep.Frame or FrameStep.QuickAck)
        {
            Clear();
            _last = FrameStep.Read;
        }

        while (_last == FrameStep.Read && _header.Size == 0)
        {
            if (input.IsEmpty)
            {
                return _last;
            }

            Hold(ref input, 1);
            _last = ReadHeader();
        }

        if (_last == FrameStep.Read)
        {
            Hold(ref input, Math.Min(input.Length, _header.Size + _header.Length - _held.WrittenCount));
            _last = _held.WrittenCount == _header.Size + _header.Length ? FrameStep.Frame : FrameStep.Read;
        }

        return _last;
    }

    private FrameStep ReadHeader()
    {
        var held = _held.WrittenSpan;
        if (source == FrameSource.Server && (held.Length == Framing.MaxHeader || framing is Abridged) && framing.IsQuickAck(held))
        {
            return held.Length == Framing.MaxHeader ? TakeToken() : FrameStep.Read;
        }

        switch (framing.ReadHeader(held, out var header))
        {
            case OperationStatus.NeedMoreData:
                return FrameStep.Read;
            case OperationStatus.Done when header.Length <= maxLength:
                _header = header;
                return FrameStep.Read;
            default:
                return FrameStep.Invalid;
        }
    }

    private FrameStep TakeToken()
    {
        Span<byte> token = stackalloc byte[Framing.MaxHeader];
        framing.WriteQuickAck(_held.WrittenSpan, token);
        _held.ResetWrittenCount();
        _held.Write(token);
        return FrameStep.QuickAck;
    }

    private void Clear()
    {
        _header = default;
        if (_held.Capacity > KeptCapacity)
        {
            _held = new ArrayBufferWriter<byte>();
        }
        else
        {
            _held.ResetWrittenCount();
        }
    }

    private void Hold(ref ReadOnlySpan<byte> input, int count)
    {
        _held.Write(input[..count]);
        input = input[count..];
    }
}
