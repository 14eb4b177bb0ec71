namespace Telemt.Core.Wire;

/// <summary>
/// Where a field lies in its record; a record is at most 16,389 bytes. The default stands for a field that is not there: nothing
/// of a record starts at 0 but its header.
/// </summary>
internal readonly record struct TlsRange(ushort Start, ushort Length)
{
    public int End => Start + Length;

    public bool IsPresent => Start != 0;

    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> record) => record.Slice(Start, Length);
}
