using System.Buffers.Binary;
using Telemt.Core.Fronting;

namespace Telemt.Worker.Transport;

/// <summary>
/// Sends the scratch buffer as TLS application-data records by gathered sends, the headers beside the payload (PROTOCOL D.7):
/// <code>
/// 17 03 03 | length, 2 bytes big-endian | payload
/// </code>
/// </summary>
internal static unsafe class RecordBatch
{
    private const int HeaderSize = 5;
    private const int HeaderStride = 8;
    private const int MostRecords = 64;

    public const int HeaderBytes = MostRecords * HeaderStride;

    /// <returns>
    /// Payload bytes that left at once, or <see cref="LoopSocket.Broken"/>; what did not leave is in <paramref name="rest"/>, framed.
    /// </returns>
    public static int Send(LoopSocket sink, BufferPool buffers, int length, ref RecordSizer sizer, out KeptBytes rest)
    {
        var pieces = stackalloc Libc.IoVector[MostRecords * 2];
        rest = default;
        var done = 0;
        while (done < length)
        {
            var count = Frame(buffers, done, length, ref sizer, pieces, out var payload);
            var size = payload + (count * HeaderSize);
            var sent = sink.TrySend(pieces, count * 2, size);
            if (sent == LoopSocket.Broken)
            {
                return LoopSocket.Broken;
            }

            done += payload;
            if (sent < size)
            {
                sent = Math.Max(sent, 0);
                rest = KeepRest(buffers, pieces, count, sent, size, done, length, ref sizer);
                return Math.Max(0, done - (size - sent));
            }
        }

        return length;
    }

    /// <summary>Lays headers and payload pieces side by side for as many records as one send takes.</summary>
    private static int Frame(BufferPool buffers, int from, int length, ref RecordSizer sizer, Libc.IoVector* pieces, out int payload)
    {
        payload = 0;
        var count = 0;
        while (count < MostRecords && from + payload < length)
        {
            var size = sizer.Next(length - from - payload);
            var header = buffers.RecordHeaders + (count * HeaderStride);
            WriteHeader(header, size);
            pieces[2 * count] = new Libc.IoVector { Base = header, Length = HeaderSize };
            pieces[(2 * count) + 1] = new Libc.IoVector { Base = buffers.Scratch + from + payload, Length = size };
            payload += size;
            count++;
        }

        return count;
    }

    /// <summary>Copies what of this send is left, and frames what was not in it, into one block.</summary>
    private static KeptBytes KeepRest(
        BufferPool buffers, Libc.IoVector* pieces, int count, int sent, int size, int done, int length, ref RecordSizer sizer)
    {
        var unframed = length - done;
        var most = size - sent + unframed + (((unframed / RecordSizer.Shortest) + 1) * HeaderSize);
        var rest = buffers.Allocate(most);
        var target = rest.Block;
        var skip = sent;
        for (var i = 0; i < count * 2; i++)
        {
            var piece = (int)pieces[i].Length;
            if (skip >= piece)
            {
                skip -= piece;
                continue;
            }

            target = Append(target, pieces[i].Base + skip, piece - skip);
            skip = 0;
        }

        while (done < length)
        {
            var record = sizer.Next(length - done);
            WriteHeader(target, record);
            target = Append(target + HeaderSize, buffers.Scratch + done, record);
            done += record;
        }

        rest.Length = (int)(target - rest.Block);
        return rest;
    }

    private static byte* Append(byte* target, byte* source, int count)
    {
        Buffer.MemoryCopy(source, target, count, count);
        return target + count;
    }

    /// <param name="header">Receives 5 bytes.</param>
    public static void WriteHeader(Span<byte> header, int size)
    {
        header[0] = 0x17;
        header[1] = 0x03;
        header[2] = 0x03;
        BinaryPrimitives.WriteUInt16BigEndian(header[3..], (ushort)size);
    }

    private static void WriteHeader(byte* header, int size) => WriteHeader(new Span<byte>(header, HeaderSize), size);
}
