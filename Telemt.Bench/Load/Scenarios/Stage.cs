using Telemt.Bench.Load.Net;
using Telemt.Bench.Load.Traffic;
using Telemt.Core;

namespace Telemt.Bench.Load.Scenarios;

/// <summary>The load generator: both ends of every connection, on one thread.</summary>
internal sealed class Stage : IDisposable
{
    public Stage(StageTiming timing, IRandomSource random, TimeProvider clock)
    {
        Timing = timing;
        Random = random;
        Clock = clock;
        Dc = new Acceptor(Poller);
        Noise = Pattern.Noise(random);
        Records = Pattern.Records(random);
    }

    public StageTiming Timing { get; }

    public IRandomSource Random { get; }

    public TimeProvider Clock { get; }

    public Poller Poller { get; } = new();

    public Acceptor Dc { get; }

    public Pattern Noise { get; }

    public Pattern Records { get; }

    /// <summary>Ends every connection and sees them off.</summary>
    public void Clear()
    {
        Dc.Part = null;
        Poller.CloseAllBut(Dc);
        Poller.Run(TimeSpan.FromMilliseconds(50));
    }

    public void Dispose()
    {
        Poller.Dispose();
        Noise.Dispose();
        Records.Dispose();
    }
}
