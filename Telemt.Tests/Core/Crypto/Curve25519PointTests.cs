using System.Numerics;
using Telemt.Core;
using Telemt.Core.Crypto;
using Telemt.Tests.Fakes;

namespace Telemt.Tests.Core.Crypto;

internal sealed class Curve25519PointTests
{
    // RFC 7748, 4.1: the prime, the curve, the order of the subgroup.
    private static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger A = 486_662;
    private static readonly BigInteger Order
        = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", null);

    [Test]
    public void WriteLikelyPublicKey_ManyTimes_IsOnTheCurveInTheSubgroupOfPrimeOrder()
    {
        var random = new SeededRandom(1);
        var seen = new HashSet<BigInteger>();
        var bytes = new byte[32];
        for (var i = 0; i < 200; i++)
        {
            Curve25519Point.WriteLikelyPublicKey(random, bytes);
            var u = Number(bytes);

            Assert.That(u, Is.LessThan(P));
            Assert.That(bytes[31] & 0x80, Is.Zero);
            Assert.That(IsSquare(((u * u * u) + (A * u * u) + u) % P), "on the curve, not on its twist");
            Assert.That(Multiply(u, Order).Z.IsZero, "the order's multiple is the point at infinity");
            Assert.That(Multiply(u, 8).Z.IsZero, Is.False, "not one of the eight points that show themselves");
            Assert.That(seen.Add(u));
        }
    }

    [Test]
    public void WriteLikelyPublicKey_ByBigIntegers_IsTheElligatorPointTimesEight()
    {
        var bytes = new byte[32];
        for (var seed = 0; seed < 100; seed++)
        {
            new SeededRandom(seed).Fill(bytes);
            var r = Number(bytes) & (BigInteger.Pow(2, 255) - 1);
            var u = Modulo(-A * Inverse(1 + (2 * r * r)));
            u = IsSquare(((u * u * u) + (A * u * u) + u) % P) ? u : Modulo(-u - A);
            var (x, z) = Multiply(u, 8);

            Curve25519Point.WriteLikelyPublicKey(new SeededRandom(seed), bytes);

            Assert.That(Number(bytes), Is.EqualTo(x * Inverse(z) % P));
        }
    }

    // The tests' own ladder, against the vector of RFC 7748, 5.2.
    [Test]
    public void Multiply_Rfc7748Vector_Matches()
    {
        var scalar = Number(Convert.FromHexString("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"));
        scalar = (scalar & ~(BigInteger)7 & (BigInteger.Pow(2, 255) - 1)) | BigInteger.Pow(2, 254);
        var (x, z) = Multiply(Number(Convert.FromHexString("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")), scalar);

        Assert.That(
            x * Inverse(z) % P,
            Is.EqualTo(Number(Convert.FromHexString("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"))));
    }

    [Test]
    public void Field_RandomAndEdgeNumbers_DoWhatBigIntegersDo()
    {
        var random = new Random(1);
        var numbers = new List<BigInteger> { 0, 1, 18, 19, P - 1, P, P + 1, P + 18, BigInteger.Pow(2, 255) - 1, BigInteger.Pow(2, 51) - 1 };
        numbers.AddRange(Enumerable.Range(0, 60).Select(_ => new BigInteger(random.NextInt64()) * random.NextInt64() * random.NextInt64() * random.NextInt64()));
        foreach (var x in numbers)
        {
            Assert.That(Value(Field(x)), Is.EqualTo(x % P));
            Assert.That(Value(Field(x).Square()), Is.EqualTo(x * x % P));
            Assert.That(Value((Field(x) + Field(x)).Square(5)), Is.EqualTo(BigInteger.ModPow(2 * x, 32, P)));
            Assert.That(Value(Field(x).NearInverse()), Is.EqualTo(BigInteger.ModPow(x, (P - 5) / 8, P)));
            foreach (var y in numbers)
            {
                Assert.That(Value(Field(x) + Field(y)), Is.EqualTo((x + y) % P));
                Assert.That(Value(Field(x) - Field(y)), Is.EqualTo(Modulo(x - y)));
                Assert.That(Value(Field(x) * Field(y)), Is.EqualTo(x * y % P));
                Assert.That(Value((Field(x) + Field(y)) * (Field(y) + Field(y))), Is.EqualTo((x + y) * 2 * y % P));
            }
        }
    }

    [Test]
    public void WriteLikelyPublicKey_AllocatesNothing()
    {
        IRandomSource random = new SeededRandom(1);
        var bytes = new byte[32];
        Curve25519Point.WriteLikelyPublicKey(random, bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Curve25519Point.WriteLikelyPublicKey(random, bytes);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true);

    private static BigInteger Modulo(BigInteger value) => ((value % P) + P) % P;

    private static BigInteger Inverse(BigInteger value) => BigInteger.ModPow(Modulo(value), P - 2, P);

    private static bool IsSquare(BigInteger value) => BigInteger.ModPow(value, (P - 1) / 2, P).IsOne;

    private static Field25519 Field(BigInteger value)
    {
        var bytes = new byte[32];
        Assert.That(value.TryWriteBytes(bytes, out _, isUnsigned: true));
        return Field25519.Read(bytes);
    }

    private static BigInteger Value(Field25519 field)
    {
        var bytes = new byte[32];
        field.Write(bytes);
        return Number(bytes);
    }

    /// <summary>RFC 7748's ladder: u of a multiple of the point, projective.</summary>
    private static (BigInteger X, BigInteger Z) Multiply(BigInteger u, BigInteger scalar)
    {
        var (x2, z2, x3, z3) = (BigInteger.One, BigInteger.Zero, u, BigInteger.One);
        for (var bit = (int)scalar.GetBitLength() - 1; bit >= 0; bit--)
        {
            var isSet = !(scalar >> bit).IsEven;
            if (isSet)
            {
                (x2, z2, x3, z3) = (x3, z3, x2, z2);
            }
            var (sum, difference) = (x2 + z2, Modulo(x2 - z2));
            var (cross1, cross2) = ((x3 + z3) * difference, Modulo(x3 - z3) * sum);
            var (sum2, difference2) = (sum * sum % P, difference * difference % P);
            var product = Modulo(sum2 - difference2);
            (x3, z3) = (Modulo((cross1 + cross2) * (cross1 + cross2)), Modulo(u * (cross1 - cross2) * (cross1 - cross2)));
            (x2, z2) = (sum2 * difference2 % P, Modulo(product * (sum2 + (121_665 * product))));
            if (isSet)
            {
                (x2, z2, x3, z3) = (x3, z3, x2, z2);
            }
        }
        return (x2, z2);
    }
}
