using Telemt.Core;

namespace Telemt.Tests.Fakes;

/// <summary>Gives the bytes that a recorded implementation drew, in order; asking for more is a failure.</summary>
internal sealed class RecordedRandom(params byte[][] draws) : IRandomSource
{
    private readonly byte[] _bytes = [.. draws.SelectMany(draw => draw)];
    private int _used;

    public int Left => _bytes.Length - _used;

    public void Fill(Span<byte> destination)
    {
        _bytes.AsSpan(_used, destination.Length).CopyTo(destination);
        _used += destination.Length;
    }
}
