using System.Buffers;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Sessions;

/// <summary>
/// The raw bytes of a handshake's phase, untouched until the gate has decided: they may have to go to the mask host as they came.
/// Empty until something arrives, so that a silent connection holds no buffer.
/// </summary>
internal sealed class Inbox : IDisposable
{
    private const int FirstRoom = 4 * 1024;
    private const int MostRoom = 64 * 1024;

    private byte[] _buffer = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Length);

    /// <summary>The gate decides well before this; nothing is read into a full one.</summary>
    public bool IsFull => Length == MostRoom;

    /// <summary>As <see cref="LoopSocket"/>'s TryReceive.</summary>
    public int Receive(LoopSocket socket)
    {
        if (Length == _buffer.Length)
        {
            Grow();
        }

        var received = socket.TryReceive(_buffer.AsSpan(Length));
        Length += Math.Max(received, 0);
        return received;
    }

    /// <summary>A phase is over: the next begins empty.</summary>
    public void Clear() => Length = 0;

    /// <summary>Forgets the first bytes; an empty one holds no buffer.</summary>
    public void Skip(int count)
    {
        From(count).CopyTo(_buffer);
        Length -= count;
        if (Length == 0)
        {
            Dispose();
        }
    }

    /// <summary>The bytes from here on, to be changed in place.</summary>
    public Span<byte> From(int start) => _buffer.AsSpan(start, Length - start);

    public Span<byte> Range(Range range) => _buffer.AsSpan(range);

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            Length = 0;
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length == 0 ? FirstRoom : _buffer.Length * 2);
        Bytes.CopyTo(larger);
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = larger;
    }
}
