using System.Buffers;
using System.Buffers.Binary;
using Telemt.Core.Crypto;

namespace Telemt.Core.Replay;

/// <summary>
/// The entries of a window as bytes, little-endian, each shard's oldest first:
/// <code>
/// 0       8     24                                       end - 8
/// | magic | key | fingerprint (8), Unix seconds (4) | .. | check |
/// </code>
/// The check chains a SipHash under the key over the entries, so that a torn or cut file is not taken for a whole one.
/// </summary>
internal static class ReplaySnapshot
{
    private const int KeyOffset = 8;
    private const int EntriesOffset = KeyOffset + SipHash.KeySize;
    private const int TimeOffset = sizeof(ulong);
    private const int EntrySize = TimeOffset + sizeof(uint);
    private const int CheckSize = sizeof(ulong);

    // The digit changes with the layout.
    private static ReadOnlySpan<byte> Magic => "replay1\n"u8;

    /// <returns>The check so far, for <see cref="WriteEntries"/>.</returns>
    public static ulong WriteHeader(IBufferWriter<byte> destination, ReadOnlySpan<byte> key)
    {
        destination.Write(Magic);
        destination.Write(key);
        return SipHash.Hash(key, Magic);
    }

    /// <returns>The check so far.</returns>
    public static ulong WriteEntries(
        IBufferWriter<byte> destination, ReadOnlySpan<byte> key, ulong check, ReadOnlySpan<ulong> prints, ReadOnlySpan<uint> times)
    {
        for (var i = 0; i < prints.Length; i++)
        {
            var entry = destination.GetSpan(EntrySize)[..EntrySize];
            BinaryPrimitives.WriteUInt64LittleEndian(entry, prints[i]);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[TimeOffset..], times[i]);
            check = Chain(key, check, entry);
            destination.Advance(EntrySize);
        }
        return check;
    }

    public static void WriteEnd(IBufferWriter<byte> destination, ulong check)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination.GetSpan(CheckSize), check);
        destination.Advance(CheckSize);
    }

    /// <summary>Whether this is a whole snapshot.</summary>
    /// <param name="snapshot">All its bytes.</param>
    /// <param name="key">The fingerprints' key.</param>
    /// <param name="entries">What <see cref="ReadEntry"/> reads.</param>
    public static bool TryOpen(ReadOnlySpan<byte> snapshot, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> entries)
    {
        key = default;
        entries = default;
        var size = snapshot.Length - EntriesOffset - CheckSize;
        if (size < 0 || size % EntrySize != 0 || !snapshot.StartsWith(Magic))
        {
            return false;
        }
        key = snapshot[KeyOffset..EntriesOffset];
        entries = snapshot.Slice(EntriesOffset, size);
        var check = SipHash.Hash(key, Magic);
        for (var rest = entries; !rest.IsEmpty; rest = rest[EntrySize..])
        {
            check = Chain(key, check, rest[..EntrySize]);
        }
        return check == BinaryPrimitives.ReadUInt64LittleEndian(snapshot[^CheckSize..]);
    }

    /// <summary>Takes the first of the entries off.</summary>
    public static (ulong Print, uint Time) ReadEntry(ref ReadOnlySpan<byte> entries)
    {
        var entry = (BinaryPrimitives.ReadUInt64LittleEndian(entries), BinaryPrimitives.ReadUInt32LittleEndian(entries[TimeOffset..]));
        entries = entries[EntrySize..];
        return entry;
    }

    private static ulong Chain(ReadOnlySpan<byte> key, ulong check, ReadOnlySpan<byte> entry)
    {
        Span<byte> linked = stackalloc byte[CheckSize + EntrySize];
        BinaryPrimitives.WriteUInt64LittleEndian(linked, check);
        entry.CopyTo(linked[CheckSize..]);
        return SipHash.Hash(key, linked);
    }
}
