namespace Telemt.Core.Policy;

/// <summary>Mean and standard deviation of the numbers since the last <see cref="Clear"/> (Welford). Not thread-safe.</summary>
internal sealed class RunningMean
{
    private double _squares;

    public int Count { get; private set; }

    public double Mean { get; private set; }

    public double Deviation => Count < 2 ? 0 : Math.Sqrt(_squares / (Count - 1));

    public void Add(double value)
    {
        Count++;
        var off = value - Mean;
        Mean += off / Count;
        _squares += off * (value - Mean);
    }

    public void Clear()
    {
        Count = 0;
        Mean = 0;
        _squares = 0;
    }
}
