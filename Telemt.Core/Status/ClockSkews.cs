namespace Telemt.Core.Status;

/// <summary>How far clients' clocks are off, by the times in their hellos, counted in steps. Not for several threads.</summary>
internal sealed class ClockSkews
{
    private readonly long[] _counts = new long[(2 * Steps.Length) + 1];

    /// <summary>Seconds: a clock off by less than the first is right.</summary>
    public static ReadOnlySpan<int> Steps => [3, 10, 30, 120, 600];

    /// <param name="seconds">Our clock less the client's: above zero it is behind.</param>
    public void Add(long seconds) => _counts[Steps.Length + (Math.Sign(seconds) * StepOf(Math.Abs(seconds)))]++;

    public void Add(ClockSkews other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }
    }

    /// <param name="step">0 for clocks that are right; n for those behind by the n-th step or more, -n for those ahead.</param>
    public long Of(int step) => _counts[Steps.Length + step];

    public ClockSkews Copy()
    {
        var copy = new ClockSkews();
        copy.Add(this);
        return copy;
    }

    private static int StepOf(long seconds)
    {
        var step = 0;
        while (step < Steps.Length && seconds >= Steps[step])
        {
            step++;
        }

        return step;
    }
}
