using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Telemt.Core.Crypto;

namespace Telemt.Core.Policy;

/// <summary>
/// Traffic as bytes that are only ever appended to: the last record of a name counts. A power cut may leave any part of the last append;
/// what cannot be a whole record ends the log, and all before it stands.
/// <code>
/// "telemt traffic1\n"
/// length 2 | day 4 | month 4 | total 8 | day mark 8 | month mark 8 | total mark 8 | name, UTF-8 | CRC-32 of all before it 4
/// </code>
/// Little-endian; length counts what follows it.
/// </summary>
internal static class TrafficLog
{
    private const int LengthSize = sizeof(ushort);
    private const int NumbersSize = (2 * sizeof(int)) + (4 * sizeof(long));
    private const int CheckSize = sizeof(uint);
    private const int LeastLength = NumbersSize + 1 + CheckSize;
    private const int MostName = 1024;

    public static ReadOnlySpan<byte> Header => "telemt traffic1\n"u8;

    /// <summary>Bytes that the record takes.</summary>
    public static int SizeOf(in TrafficRecord record) => LengthSize + NumbersSize + Encoding.UTF8.GetByteCount(record.Name) + CheckSize;

    public static void Append(IBufferWriter<byte> log, in TrafficRecord record)
    {
        var size = SizeOf(record);
        var bytes = log.GetSpan(size)[..size];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)(size - LengthSize));
        var at = LengthSize;
        Put(bytes, ref at, record.Day);
        Put(bytes, ref at, record.Month);
        Put(bytes, ref at, record.Total);
        Put(bytes, ref at, record.DayMark);
        Put(bytes, ref at, record.MonthMark);
        Put(bytes, ref at, record.TotalMark);
        at += Encoding.UTF8.GetBytes(record.Name, bytes[at..]);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[at..], Crc32.Compute(bytes[..at]));
        log.Advance(size);
    }

    /// <summary>Takes the next record off; false at the log's end, be it the last byte or the first that is torn.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> log, out TrafficRecord record)
    {
        record = default;
        if (log.Length < LengthSize)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16LittleEndian(log);
        var size = LengthSize + length;
        if (length is < LeastLength or > LeastLength + MostName || log.Length < size)
        {
            return false;
        }

        var bytes = log[..size];
        var body = bytes[..^CheckSize];
        if (Crc32.Compute(body) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[^CheckSize..]))
        {
            return false;
        }

        var at = LengthSize;
        var (day, month) = (TakeInt(body, ref at), TakeInt(body, ref at));
        var (total, dayMark) = (TakeLong(body, ref at), TakeLong(body, ref at));
        var (monthMark, totalMark) = (TakeLong(body, ref at), TakeLong(body, ref at));
        record = new TrafficRecord(Encoding.UTF8.GetString(body[at..]), total, dayMark, monthMark, totalMark, day, month);
        log = log[size..];
        return true;
    }

    private static void Put(Span<byte> bytes, ref int at, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes[at..], value);
        at += sizeof(int);
    }

    private static void Put(Span<byte> bytes, ref int at, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes[at..], value);
        at += sizeof(long);
    }

    private static int TakeInt(ReadOnlySpan<byte> bytes, ref int at)
    {
        at += sizeof(int);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes[(at - sizeof(int))..]);
    }

    private static long TakeLong(ReadOnlySpan<byte> bytes, ref int at)
    {
        at += sizeof(long);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes[(at - sizeof(long))..]);
    }
}
