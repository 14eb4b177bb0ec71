using Telemt.Core.Fronting;

namespace Telemt.Worker.Transport;

/// <summary>
/// Bytes that a full sink has not taken yet, in blocks that count as held: for a receiver that shares its source with others and so
/// cannot stop it. Empty, it holds nothing. Loop thread only.
/// </summary>
internal sealed class SendQueue(BufferPool buffers)
{
    private const int LeastBlock = 8 * 1024;
    private const int MostBlock = 64 * 1024;
    private const int RecordHeader = 5;

    private Node? _first;
    private Node? _last;

    public bool IsEmpty => _first is null;

    /// <summary>Bytes of memory, whole blocks counted.</summary>
    public long Held { get; private set; }

    /// <summary>Takes over what a send left.</summary>
    public void Add(KeptBytes rest)
    {
        var node = new Node { Bytes = rest };
        Held += rest.Capacity;
        if (_last is null)
        {
            _first = node;
        }
        else
        {
            _last.Next = node;
        }

        _last = node;
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var room = _last is null ? 0 : _last.Bytes.Capacity - _last.Bytes.Offset - _last.Bytes.Length;
            if (room == 0)
            {
                var block = buffers.Allocate(Math.Clamp(bytes.Length, LeastBlock, MostBlock));
                block.Length = 0;
                Add(block);
                continue;
            }

            var count = Math.Min(room, bytes.Length);
            _last!.Bytes.Append(bytes[..count]);
            bytes = bytes[count..];
        }
    }

    /// <summary>Adds bytes as TLS application data.</summary>
    public void AddRecords(ReadOnlySpan<byte> payload, ref RecordSizer sizer)
    {
        Span<byte> header = stackalloc byte[RecordHeader];
        while (!payload.IsEmpty)
        {
            var size = sizer.Next(payload.Length);
            RecordBatch.WriteHeader(header, size);
            Add(header);
            Add(payload[..size]);
            payload = payload[size..];
        }
    }

    /// <summary>Sends what the sink takes.</summary>
    /// <returns>Bytes sent, or <see cref="LoopSocket.Broken"/>.</returns>
    public int Flush(LoopSocket sink)
    {
        var total = 0;
        while (_first is { } node && sink.IsWritable)
        {
            var sent = sink.TrySend(node.Bytes.Span);
            if (sent < 0)
            {
                return sent == LoopSocket.Broken ? sent : total;
            }

            total += sent;
            node.Bytes.Advance(sent);
            if (node.Bytes.IsEmpty)
            {
                RemoveFirst();
            }
        }

        return total;
    }

    public void Release()
    {
        while (_first is not null)
        {
            RemoveFirst();
        }
    }

    private void RemoveFirst()
    {
        var node = _first!;
        Held -= node.Bytes.Capacity;
        buffers.Free(ref node.Bytes);
        _first = node.Next;
        _last = _first is null ? null : _last;
    }

    private sealed class Node
    {
        public KeptBytes Bytes;

        public Node? Next { get; set; }
    }
}
