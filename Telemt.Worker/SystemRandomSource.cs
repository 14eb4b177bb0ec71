using System.Security.Cryptography;
using Telemt.Core;
using Telemt.Core.Crypto;

namespace Telemt.Worker;

/// <summary>
/// The system's randomness, taken a page at a time: asking for 32 bytes costs 1.8 µs and a handshake asks several times. What was
/// handed out is wiped from the page; longer runs are the key stream of a key from it, used once. Safe for any thread.
/// </summary>
internal sealed class SystemRandomSource : IRandomSource
{
    private const int PageSize = 4096;
    private const int LargestFromPage = 256;
    private const int KeySize = 32;
    private const int IvSize = 16;

    private readonly Lock _lock = new();
    private readonly byte[] _page = new byte[PageSize];
    private int _used = PageSize;

    public void Fill(Span<byte> destination)
    {
        if (destination.Length > LargestFromPage)
        {
            Span<byte> seed = stackalloc byte[KeySize + IvSize];
            Fill(seed);
            destination.Clear();
            new AesCtr(seed[..KeySize], seed[KeySize..]).Transform(destination);
            return;
        }

        lock (_lock)
        {
            if (_used + destination.Length > PageSize)
            {
                RandomNumberGenerator.Fill(_page);
                _used = 0;
            }

            var taken = _page.AsSpan(_used, destination.Length);
            taken.CopyTo(destination);
            taken.Clear();
            _used += destination.Length;
        }
    }
}
