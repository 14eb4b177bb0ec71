using System.Security.Cryptography;
using Telemt.Core;

namespace Telemt.Worker;

/// <summary>The system's randomness.</summary>
internal sealed class SystemRandomSource : IRandomSource
{
    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}
