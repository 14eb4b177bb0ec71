using Telemt.Core;

namespace Telemt.Bench.Kernels;

/// <summary>Quick bytes, so that a kernel's own cost shows.</summary>
internal sealed class FixedRandom : IRandomSource
{
    private readonly Random _random = new(1);

    public void Fill(Span<byte> destination) => _random.NextBytes(destination);
}
