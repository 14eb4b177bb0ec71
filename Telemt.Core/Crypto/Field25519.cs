using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Telemt.Core.Crypto;

/// <summary>
/// A number modulo p = 2^255 - 19, in five limbs of 51 bits. Results have limbs below 2^52; a sum of two results is still a good
/// operand for everything but another sum.
/// </summary>
internal readonly struct Field25519
{
    public const int Size = 32;

    private const int LimbBits = 51;
    private const ulong LimbMask = (1UL << LimbBits) - 1;

    // 4 p, limb by limb: added before a subtraction so that no limb goes below zero.
    private const ulong Bias0 = (1UL << 53) - 76;
    private const ulong Bias = (1UL << 53) - 4;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;
    private readonly ulong _e;

    private Field25519(ulong a, ulong b, ulong c, ulong d, ulong e) => (_a, _b, _c, _d, _e) = (a, b, c, d, e);

    /// <param name="value">Below 2^51.</param>
    public static Field25519 From(ulong value) => new(value, 0, 0, 0, 0);

    /// <summary>The low 255 bits of 32 bytes, little-endian.</summary>
    public static Field25519 Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(bytes) & LimbMask,
        (BinaryPrimitives.ReadUInt64LittleEndian(bytes[6..]) >> 3) & LimbMask,
        (BinaryPrimitives.ReadUInt64LittleEndian(bytes[12..]) >> 6) & LimbMask,
        (BinaryPrimitives.ReadUInt64LittleEndian(bytes[19..]) >> 1) & LimbMask,
        (BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]) >> 12) & LimbMask);

    /// <summary>Writes the number below p, 32 bytes, little-endian.</summary>
    public void Write(Span<byte> bytes)
    {
        var (a, b, c, d, e) = (_a, _b, _c, _d, _e);
        Carry(ref a, ref b, ref c, ref d, ref e);
        a += 19 * (e >> LimbBits);
        e &= LimbMask;

        // Less than 2 p by now: it is p or more exactly when 19 more reach 2^255. Then p goes, as 19 more and bit 255 less.
        var isAbove = a + 19 >> LimbBits;
        isAbove = b + isAbove >> LimbBits;
        isAbove = c + isAbove >> LimbBits;
        isAbove = d + isAbove >> LimbBits;
        isAbove = e + isAbove >> LimbBits;
        a += 19 * isAbove;
        Carry(ref a, ref b, ref c, ref d, ref e);
        e &= LimbMask;

        BinaryPrimitives.WriteUInt64LittleEndian(bytes, a | (b << 51));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], (b >> 13) | (c << 38));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], (c >> 26) | (d << 25));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], (d >> 39) | (e << 12));
    }

    public static Field25519 operator +(in Field25519 x, in Field25519 y)
        => new(x._a + y._a, x._b + y._b, x._c + y._c, x._d + y._d, x._e + y._e);

    public static Field25519 operator -(in Field25519 x, in Field25519 y)
    {
        var (a, b, c, d, e) = (x._a + Bias0 - y._a, x._b + Bias - y._b, x._c + Bias - y._c, x._d + Bias - y._d, x._e + Bias - y._e);
        Carry(ref a, ref b, ref c, ref d, ref e);
        a += 19 * (e >> LimbBits);
        return new(a, b, c, d, e & LimbMask);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Field25519 operator *(in Field25519 x, in Field25519 y)
    {
        // What lies above 2^255 comes back 19 times.
        var (b19, c19, d19, e19) = (19 * y._b, 19 * y._c, 19 * y._d, 19 * y._e);
        var a = Wide.Product(x._a, y._a).Plus(x._b, e19).Plus(x._c, d19).Plus(x._d, c19).Plus(x._e, b19);
        var b = Wide.Product(x._a, y._b).Plus(x._b, y._a).Plus(x._c, e19).Plus(x._d, d19).Plus(x._e, c19);
        var c = Wide.Product(x._a, y._c).Plus(x._b, y._b).Plus(x._c, y._a).Plus(x._d, e19).Plus(x._e, d19);
        var d = Wide.Product(x._a, y._d).Plus(x._b, y._c).Plus(x._c, y._b).Plus(x._d, y._a).Plus(x._e, e19);
        var e = Wide.Product(x._a, y._e).Plus(x._b, y._d).Plus(x._c, y._c).Plus(x._d, y._b).Plus(x._e, y._a);
        return Reduce(a, b, c, d, e);
    }

    /// <summary>This to the power of 2^<paramref name="times"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Field25519 Square(int times = 1)
    {
        var (a, b, c, d, e) = (_a, _b, _c, _d, _e);
        for (; times > 0; times--)
        {
            var (a2, b2, d19, e19) = (2 * a, 2 * b, 19 * d, 19 * e);
            var v = Wide.Product(a, a).Plus(b2, e19).Plus(2 * c, d19);
            var w = Wide.Product(a2, b).Plus(2 * c, e19).Plus(d, d19);
            var x = Wide.Product(a2, c).Plus(b, b).Plus(2 * d, e19);
            var y = Wide.Product(a2, d).Plus(b2, c).Plus(e, e19);
            var z = Wide.Product(a2, e).Plus(b2, d).Plus(c, c);
            var square = Reduce(v, w, x, y, z);
            (a, b, c, d, e) = (square._a, square._b, square._c, square._d, square._e);
        }
        return new(a, b, c, d, e);
    }

    /// <summary>This to the power of (p - 5) / 8 = 2^252 - 3: near to an inverse, a square root and a test for squares.</summary>
    public Field25519 NearInverse()
    {
        var two = Square();
        var nine = two.Square(2) * this;
        var eleven = nine * two;
        var bits5 = eleven.Square() * nine;   // 2^5 - 1, and so on
        var bits10 = bits5.Square(5) * bits5;
        var bits20 = bits10.Square(10) * bits10;
        var bits40 = bits20.Square(20) * bits20;
        var bits50 = bits40.Square(10) * bits10;
        var bits100 = bits50.Square(50) * bits50;
        var bits200 = bits100.Square(100) * bits100;
        var bits250 = bits200.Square(50) * bits50;
        return bits250.Square(2) * this;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Carry(ref ulong a, ref ulong b, ref ulong c, ref ulong d, ref ulong e)
    {
        b += a >> LimbBits;
        a &= LimbMask;
        c += b >> LimbBits;
        b &= LimbMask;
        d += c >> LimbBits;
        c &= LimbMask;
        e += d >> LimbBits;
        d &= LimbMask;
    }

    // Every limb hands its surplus on at once, and then the rest of it again: quicker than one carry rippling through all five.
    // Operands below 2^53 make surpluses below 2^62, so even nineteen of the last one fit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Field25519 Reduce(in Wide v, in Wide w, in Wide x, in Wide y, in Wide z)
    {
        var a = (v.Low & LimbMask) + (19 * z.Above);
        var b = (w.Low & LimbMask) + v.Above;
        var c = (x.Low & LimbMask) + w.Above;
        var d = (y.Low & LimbMask) + x.Above;
        var e = (z.Low & LimbMask) + y.Above;
        return new(
            (a & LimbMask) + (19 * (e >> LimbBits)),
            (b & LimbMask) + (a >> LimbBits),
            (c & LimbMask) + (b >> LimbBits),
            (d & LimbMask) + (c >> LimbBits),
            (e & LimbMask) + (d >> LimbBits));
    }

    /// <summary>A sum of products of limbs, below 2^115.</summary>
    private readonly struct Wide(ulong low, ulong high)
    {
        public readonly ulong Low = low;

        /// <summary>What belongs to the next limb.</summary>
        public ulong Above
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => (high << (64 - LimbBits)) | (Low >> LimbBits);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Wide Product(ulong x, ulong y)
        {
            var high = Math.BigMul(x, y, out var low);
            return new(low, high);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Wide Plus(ulong x, ulong y)
        {
            var top = Math.BigMul(x, y, out var bottom);
            var sum = Low + bottom;
            return new(sum, high + top + (sum < bottom ? 1u : 0u));
        }
    }
}
