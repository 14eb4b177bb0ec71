namespace Telemt.Core.Policy;

/// <summary>Max-min fairness: the level at which all who want more are cut off, so that together they take what there is.</summary>
internal static class WaterLevel
{
    /// <param name="capacity">What there is.</param>
    /// <param name="demands">What each wants; sorted by this call.</param>
    /// <returns>The level, or positive infinity when there is enough for all.</returns>
    public static double Of(double capacity, Span<double> demands)
    {
        demands.Sort();
        var left = capacity;
        for (var i = 0; i < demands.Length; i++)
        {
            var level = left / (demands.Length - i);
            if (demands[i] > level)
            {
                return level;
            }

            left -= demands[i];
        }

        return double.PositiveInfinity;
    }
}
