using System.Buffers.Binary;

namespace Telemt.Core.Routing;

/// <summary>
/// Who goes first. Two are drawn by weight, and the second has it when it is clearly quicker: a bias to lower latency that leaves the
/// weights exact where latencies are equal. Those behind follow by weight alone. Pure but for the dice.
/// </summary>
internal sealed class UpstreamBalancer(IRandomSource random)
{
    /// <summary>Quicker means by a fifth and by five milliseconds: what is less is noise.</summary>
    private const double ClearlyQuicker = 0.8;

    private const double NoiseMilliseconds = 5;

    /// <param name="ways">In any order; at the end in the order in which to try them.</param>
    public void Order(Span<BalancedWay> ways)
    {
        for (var next = 0; next < ways.Length - 1; next++)
        {
            var rest = ways[next..];
            var chosen = Draw(rest);
            if (next == 0)
            {
                var other = Draw(rest);
                chosen = IsClearlyQuicker(rest[other].Milliseconds, rest[chosen].Milliseconds) ? other : chosen;
            }

            (rest[0], rest[chosen]) = (rest[chosen], rest[0]);
        }
    }

    /// <summary>Milliseconds; what is not known is not quicker, nor slower.</summary>
    public static bool IsClearlyQuicker(double one, double than) =>
        one > 0 && than > 0 && one < than * ClearlyQuicker && one < than - NoiseMilliseconds;

    /// <summary>Index of one, each as often as its weight says; the first when all weigh nothing.</summary>
    private int Draw(ReadOnlySpan<BalancedWay> ways)
    {
        var total = 0L;
        foreach (var way in ways)
        {
            total += way.Weight;
        }

        var at = Below(total);
        for (var i = 0; i < ways.Length; i++)
        {
            at -= ways[i].Weight;
            if (at < 0)
            {
                return i;
            }
        }

        return 0;
    }

    /// <summary>Even over 0 .. bound - 1, but for less than bound parts in 2^64.</summary>
    private long Below(long bound)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        random.Fill(bytes);
        return (long)Math.BigMul(BinaryPrimitives.ReadUInt64LittleEndian(bytes), (ulong)bound, out _);
    }
}
