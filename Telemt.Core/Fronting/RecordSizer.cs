using Telemt.Core.Wire;

namespace Telemt.Core.Fronting;

/// <summary>
/// How a download is cut into records (PROTOCOL D.7). A value that each wrapping direction keeps for itself: web servers start a
/// response with short records, so the cut may come to depend on what went before. Not for two threads.
/// </summary>
/// <param name="longest">Longest payload of a record, 1..<see cref="TlsRecord.MaxPlaintext"/>.</param>
internal readonly struct RecordSizer(int longest)
{
    /// <summary>Records as long as TLS allows.</summary>
    public static RecordSizer Bulk => new(TlsRecord.MaxPlaintext);

    /// <summary>Payload of the next record when so many bytes wait (at least 1).</summary>
    public int Next(int waiting) => Math.Min(waiting, longest);
}
