using System.Security.Cryptography;
using Telemt.Core;

namespace Telemt.Bench.Load;

internal sealed class SystemRandom : IRandomSource
{
    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}
