namespace Telemt.Tests.External.Probing;

/// <summary>Whether two samples may be of one distribution.</summary>
internal static class KolmogorovSmirnov
{
    /// <returns>How likely so large a distance is between two samples of one distribution (the asymptotic form).</returns>
    public static double Probability(IReadOnlyCollection<double> one, IReadOnlyCollection<double> other)
    {
        double[] left = [.. one.Order()], right = [.. other.Order()];
        var (i, j, distance) = (0, 0, 0.0);
        while (i < left.Length && j < right.Length)
        {
            var at = Math.Min(left[i], right[j]);
            while (i < left.Length && left[i] <= at)
            {
                i++;
            }

            while (j < right.Length && right[j] <= at)
            {
                j++;
            }

            distance = Math.Max(distance, Math.Abs(((double)i / left.Length) - ((double)j / right.Length)));
        }

        var size = Math.Sqrt((double)left.Length * right.Length / (left.Length + right.Length));
        var lambda = (size + 0.12 + (0.11 / size)) * distance;
        var sum = 0.0;
        for (var k = 1; k <= 100; k++)
        {
            sum += (k % 2 == 1 ? 2 : -2) * Math.Exp(-2 * k * k * lambda * lambda);
        }

        return lambda < 0.2 ? 1 : Math.Clamp(sum, 0, 1);
    }
}
