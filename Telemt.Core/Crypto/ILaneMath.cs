using System.Diagnostics.CodeAnalysis;

namespace Telemt.Core.Crypto;

/// <summary>
/// The 32-bit arithmetic of SHA-256 over a vector of lanes. Implemented by empty structs: the JIT makes one copy of
/// <see cref="Sha256Lanes{TMath,TVector}"/> for each width and inlines them.
/// </summary>
internal interface ILaneMath<TVector>
    where TVector : struct
{
    /// <summary>Lanes of a vector: 4, 8 or 16.</summary>
    static abstract int Count { get; }

    /// <summary>True where registers are enough for the states of two vectors of lanes.</summary>
    static abstract bool HoldsPairs { get; }

    static abstract TVector Broadcast(uint value);

    static abstract TVector Load(ReadOnlySpan<uint> source);

    static abstract void Store(TVector value, Span<uint> destination);

    static abstract TVector Add(TVector left, TVector right);

    static abstract TVector Xor(TVector a, TVector b, TVector c);

    static abstract TVector RotateRight(TVector value, [ConstantExpected] byte count);

    static abstract TVector ShiftRight(TVector value, [ConstantExpected] byte count);

    /// <summary>For each bit: <paramref name="a"/> ? <paramref name="b"/> : <paramref name="c"/>.</summary>
    static abstract TVector Choose(TVector a, TVector b, TVector c);

    /// <summary>For each bit: what at least two of the three say.</summary>
    static abstract TVector Majority(TVector a, TVector b, TVector c);

    /// <summary>The bits in which the two differ, kept with those already found.</summary>
    static abstract TVector Difference(TVector found, TVector left, TVector right);

    /// <summary>Bit n is set when lane n is zero.</summary>
    static abstract uint ZeroLanes(TVector value);
}
