using Telemt.Core;

namespace Telemt.Tests.Fakes;

/// <summary>The same bytes for the same seed, so that a failure can be repeated. Not safe for several threads.</summary>
internal sealed class SeededRandom(int seed) : IRandomSource
{
    private readonly Random _random = new(seed);

    public void Fill(Span<byte> destination) => _random.NextBytes(destination);
}
