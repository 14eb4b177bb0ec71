namespace Telemt.Core.Middle;

/// <summary>
/// What carries a message between us and a middle proxy (PROTOCOL F.2), numbers little-endian:
/// <code>
/// 0        4          8              8+n
/// | length | sequence | body: n      | CRC of all before |      length = n + 12, a multiple of 4
/// | 04 00 00 00 |                                             a padding word, between frames
/// </code>
/// </summary>
internal static class RpcFrame
{
    public const int HeaderSize = 8;
    public const int TrailerSize = 4;
    public const int Overhead = HeaderSize + TrailerSize;

    public const int PaddingWord = 4;
    public const int MinLength = Overhead;

    /// <summary>Longest MTProto message that we carry either way (PROTOCOL B.6).</summary>
    public const int MaxMessage = 1 << 20;

    /// <summary>With what RPC puts around a message: nobody sends longer ones, so nothing is kept for them.</summary>
    public const int MaxLength = MaxMessage + 256;

    public const int NonceSequence = -2;
    public const int HandshakeSequence = -1;
    public const int FirstSequence = 0;

    public const int Block = 16;
}
