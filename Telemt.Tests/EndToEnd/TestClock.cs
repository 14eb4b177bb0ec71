using System.Diagnostics;

namespace Telemt.Tests.EndToEnd;

/// <summary>The real time, and as much more as a test puts it forward.</summary>
internal sealed class TestClock : TimeProvider
{
    private readonly DateTimeOffset _start = System.GetUtcNow();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private long _ahead;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _watch.Elapsed.Ticks + Interlocked.Read(ref _ahead);

    public override DateTimeOffset GetUtcNow() => _start + TimeSpan.FromTicks(GetTimestamp());

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);
}
