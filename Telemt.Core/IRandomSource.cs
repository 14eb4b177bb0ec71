namespace Telemt.Core;

/// <summary>
/// Cryptographically strong random bytes. Core never reaches for randomness: the host hands in the system's, a test hands in a
/// fixed seed. Implementations are safe for concurrent use unless they say otherwise.
/// </summary>
internal interface IRandomSource
{
    void Fill(Span<byte> destination);
}
