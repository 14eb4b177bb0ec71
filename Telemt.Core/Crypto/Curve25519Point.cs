namespace Telemt.Core.Crypto;

/// <summary>The plain version: any 255 bits.</summary>
internal static class Curve25519Point
{
    public static void WriteLikelyPublicKey(IRandomSource random, Span<byte> u)
    {
        random.Fill(u);
        u[31] &= 0x7f;
    }
}
