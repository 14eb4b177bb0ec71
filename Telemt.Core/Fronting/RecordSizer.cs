using System.Buffers.Binary;
using Telemt.Core.Settings;
using Telemt.Core.Wire;

namespace Telemt.Core.Fronting;

/// <summary>
/// How a download is cut into records (PROTOCOL D.7). As web servers do that mean to be quick: a response begins with records that fit
/// into a segment each, so that the first is of use as soon as it is there, then come longer ones, then full ones; after a pause it
/// begins anew. A value that each wrapping direction keeps for itself. Not for two threads.
/// </summary>
internal struct RecordSizer
{
    /// <summary>
    /// Longest payload: what a full record of a TLS 1.3 server shows, 16,384 bytes with their type and the cipher's tag. Clients take more
    /// than 32,000.
    /// </summary>
    public const int Longest = TlsRecord.MaxPlaintext + 1 + 16;

    /// <summary>No record is shorter while more waits.</summary>
    public const int Shortest = 1_200;

    private const int ShortRecords = 40;
    private const int GrownRecords = 60;

    /// <summary>With its header within a segment of 1,440 bytes: IPv6's in an MTU of 1,500. Each connection has its own, as servers do.</summary>
    private const int LongestShort = 1_400;

    private const int Medium = 4_229;
    private const int SpreadOfBase = 128;
    private const int SpreadOfRecord = 64;
    private const long PauseMilliseconds = 1_000;

    private readonly int _short;
    private uint _drawn;
    private int _records;
    private long _lastAt;

    private RecordSizer(uint drawn)
    {
        _drawn = drawn;
        _short = LongestShort - (int)(drawn % SpreadOfBase);
    }

    /// <summary>Full records from the first.</summary>
    public static RecordSizer Bulk => new() { _records = GrownRecords, _lastAt = long.MaxValue };

    /// <param name="random">Lengths that are always the same would be a mark of their own.</param>
    public static RecordSizer Growing(IRandomSource random)
    {
        Span<byte> drawn = stackalloc byte[sizeof(uint)];
        random.Fill(drawn);
        return new RecordSizer(BinaryPrimitives.ReadUInt32LittleEndian(drawn)) { _lastAt = 0 };
    }

    public static RecordSizer For(FrontingSettings settings, IRandomSource random) => settings.RecordSizing ? Growing(random) : Bulk;

    /// <summary>Before the records of what has just been received.</summary>
    /// <param name="now">Milliseconds of the loop.</param>
    public void Begin(long now)
    {
        if (now - _lastAt >= PauseMilliseconds)
        {
            _records = 0;
        }

        // Never of Bulk, whose last time lies ahead of all.
        _lastAt = Math.Max(_lastAt, now);
    }

    /// <summary>Payload of the next record when so many bytes wait (at least 1).</summary>
    public int Next(int waiting) => _records == GrownRecords ? Math.Min(waiting, Longest) : Math.Min(waiting, Grow());

    private int Grow()
    {
        // Numerical Recipes' generator: its upper bits are good enough for lengths.
        _drawn = (_drawn * 1_664_525) + 1_013_904_223;
        var shorter = (int)(_drawn >> 16) % SpreadOfRecord;
        return _records++ < ShortRecords ? _short - shorter : Medium - shorter;
    }
}
