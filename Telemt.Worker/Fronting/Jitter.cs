using System.Buffers.Binary;
using Telemt.Core;

namespace Telemt.Worker.Fronting;

/// <summary>Spreads times, so that nobody sees a clock behind them.</summary>
internal sealed class Jitter(IRandomSource random)
{
    /// <summary>Three to five quarters of a span.</summary>
    public TimeSpan About(TimeSpan span)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        random.Fill(bytes);
        return span * (0.75 + (BinaryPrimitives.ReadUInt16LittleEndian(bytes) / (2.0 * ushort.MaxValue)));
    }
}
