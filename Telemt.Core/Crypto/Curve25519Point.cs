namespace Telemt.Core.Crypto;

/// <summary>
/// Points of Curve25519, v² = u³ + 486662 u² + u modulo 2^255 - 19, by their u alone (RFC 7748).
/// </summary>
internal static class Curve25519Point
{
    public const int Size = Field25519.Size;

    private const ulong Coefficient = 486_662;
    private const ulong QuarterStep = (Coefficient - 2) / 4;

    /// <summary>
    /// Writes 32 bytes that no observer can tell from an X25519 public key: u of a random point in the subgroup of prime order. No
    /// client ever computes with it, but whoever watches may test that it is on the curve, and, by the cofactor 8, where on it.
    /// </summary>
    /// <remarks>
    /// A real key pair costs a scalar multiplication, half of a connection. Here a random r gives two numbers by Elligator's map, of
    /// which exactly one is on the curve: u = -A / (1 + 2 r²) and -u - A. Doubling three times leaves the small subgroup. The last
    /// doubling's denominator is a square just when the point is on the curve; one power of both denominators together tells that
    /// and inverts either.
    /// </remarks>
    public static void WriteLikelyPublicKey(IRandomSource random, Span<byte> u)
    {
        Span<byte> seed = stackalloc byte[Field25519.Size];
        random.Fill(seed);
        var r2 = Field25519.Read(seed).Square();
        var a = Field25519.From(Coefficient);
        var z = Field25519.From(1) + r2 + r2;
        var (x1, z1) = TimesEight(Field25519.From(0) - a, z);
        var (x2, z2) = TimesEight(Field25519.From(0) - (a * (r2 + r2)), z);

        // power is a square when z1 is, and its inverse gives those of z1 and z2.
        var power = z1 * z2.Square();
        var near = power.NearInverse();
        var inverse = near.Square(3) * (power.Square() * power);
        var isFirst = IsOne((near.Square() * power).Square());
        var quotient = isFirst ? x1 * z2.Square() : x2 * (z1 * z2);
        (quotient * inverse).Write(u);
    }

    /// <summary>Three doublings of u = x / z, RFC 7748's formulas.</summary>
    private static (Field25519 X, Field25519 Z) TimesEight(Field25519 x, Field25519 z)
    {
        var step = Field25519.From(QuarterStep);
        for (var i = 0; i < 3; i++)
        {
            var sum = (x + z).Square();
            var difference = (x - z).Square();
            var product = sum - difference;
            (x, z) = (sum * difference, product * (sum + (step * product)));
        }
        return (x, z);
    }

    private static bool IsOne(in Field25519 value)
    {
        Span<byte> bytes = stackalloc byte[Field25519.Size];
        value.Write(bytes);
        return bytes[0] == 1 && !bytes[1..].ContainsAnyExcept((byte)0);
    }
}
