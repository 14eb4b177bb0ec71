using System.Runtime.InteropServices;
using Telemt.Core;
using Telemt.Core.Client;

namespace Telemt.Bench.Load.Traffic;

/// <summary>Bytes to send over and over: 256 KiB of noise, or as many TLS records as fit there, of the size that phones send.</summary>
internal sealed unsafe class Pattern : IDisposable
{
    private const int Room = 256 * 1024;
    private const int WholeRecord = Opening.RecordHeader + ClientStream.MaxRecordPayload;

    private Pattern(int size, double share)
    {
        Bytes = (byte*)NativeMemory.AlignedAlloc(Room, 4096);
        Size = size;
        PayloadShare = share;
    }

    public byte* Bytes { get; }

    public int Size { get; }

    /// <summary>How much of it is payload.</summary>
    public double PayloadShare { get; }

    public static Pattern Noise(IRandomSource random)
    {
        var pattern = new Pattern(Room, 1);
        random.Fill(new Span<byte>(pattern.Bytes, Room));
        return pattern;
    }

    public static Pattern Records(IRandomSource random)
    {
        var size = Room / WholeRecord * WholeRecord;
        var pattern = new Pattern(size, (double)ClientStream.MaxRecordPayload / WholeRecord);
        var bytes = new Span<byte>(pattern.Bytes, size);
        random.Fill(bytes);
        for (var at = 0; at < size; at += WholeRecord)
        {
            Opening.WriteRecordHeader(ClientStream.MaxRecordPayload, bytes[at..]);
        }

        return pattern;
    }

    public void Dispose() => NativeMemory.AlignedFree(Bytes);
}
