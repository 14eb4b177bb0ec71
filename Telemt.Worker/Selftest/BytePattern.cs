using System.Buffers.Binary;

namespace Telemt.Worker.Selftest;

/// <summary>
/// Bytes that both ends can make for any place in a stream, so that a transfer of any length is checked without being kept: word n
/// is a mix of n, and no two places within any practical length look alike.
/// </summary>
internal static class BytePattern
{
    /// <param name="offset">Place of the first byte in the stream.</param>
    public static void Fill(Span<byte> destination, long offset)
    {
        Span<byte> word = stackalloc byte[8];
        while (!destination.IsEmpty)
        {
            var skip = (int)(offset & 7);
            if (skip == 0 && destination.Length >= 8)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(destination, Word(offset >> 3));
                destination = destination[8..];
                offset += 8;
                continue;
            }

            BinaryPrimitives.WriteUInt64LittleEndian(word, Word(offset >> 3));
            var size = Math.Min(8 - skip, destination.Length);
            word.Slice(skip, size).CopyTo(destination);
            destination = destination[size..];
            offset += size;
        }
    }

    /// <returns>Where the bytes first differ from the pattern, counted from the stream's start; -1 when they do not.</returns>
    public static long FindDifference(ReadOnlySpan<byte> bytes, long offset)
    {
        Span<byte> expected = stackalloc byte[1024];
        for (var at = 0; at < bytes.Length; at += expected.Length)
        {
            var part = bytes[at..Math.Min(bytes.Length, at + expected.Length)];
            Fill(expected[..part.Length], offset + at);
            var same = part.CommonPrefixLength(expected[..part.Length]);
            if (same < part.Length)
            {
                return offset + at + same;
            }
        }

        return -1;
    }

    /// <summary>SplitMix64's last step: cheap, and every bit depends on every bit.</summary>
    private static ulong Word(long index)
    {
        var x = ((ulong)index + 1) * 0x9e37_79b9_7f4a_7c15;
        x = (x ^ (x >> 30)) * 0xbf58_476d_1ce4_e5b9;
        x = (x ^ (x >> 27)) * 0x94d0_49bb_1331_11eb;
        return x ^ (x >> 31);
    }
}
