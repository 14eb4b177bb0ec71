namespace Telemt.Core.Policy;

/// <summary>
/// The level that shares a known rate, that of the whole host, among the users who were made to wait for it. Not thread-safe.
/// </summary>
internal sealed class HostLevel
{
    /// <summary>Who came this near to the level wants more; who stayed below it gets room to grow.</summary>
    private const double NearLevel = 0.8;

    private const double Growth = 1.5;

    /// <summary>Half of the way in each window: the windows are short, and a burst is no demand.</summary>
    private const double Step = 0.5;

    private double[] _demands = [];

    /// <summary>Bytes per second for each user; positive infinity while the rate suffices.</summary>
    public double Level { get; private set; } = double.PositiveInfinity;

    /// <param name="capacity">Bytes per second; 0 for no limit.</param>
    public void Observe(double capacity, ReadOnlySpan<FlowSample> flows)
    {
        if (capacity <= 0 || !AnyHeld(flows))
        {
            Level = double.PositiveInfinity;
            return;
        }

        if (_demands.Length < flows.Length)
        {
            _demands = new double[flows.Length * 2];
        }

        var near = NearLevel * Math.Min(Level, capacity / flows.Length);
        for (var i = 0; i < flows.Length; i++)
        {
            var flow = flows[i];
            _demands[i] = !flow.IsHeld ? flow.Rate : flow.Rate >= near ? double.PositiveInfinity : flow.Rate * Growth;
        }

        // Nobody is cut off lower than an equal share of all.
        var target = Math.Min(capacity, WaterLevel.Of(capacity, _demands.AsSpan(0, flows.Length)));
        Level = double.IsInfinity(Level) ? target : Level + ((target - Level) * Step);
    }

    private static bool AnyHeld(ReadOnlySpan<FlowSample> flows)
    {
        foreach (var flow in flows)
        {
            if (flow.IsHeld)
            {
                return true;
            }
        }

        return false;
    }
}
