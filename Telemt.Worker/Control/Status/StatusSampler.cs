using Telemt.Core.Gate;
using Telemt.Worker.Sessions;

namespace Telemt.Worker.Control.Status;

/// <summary>
/// Asks the loops what they count: every ten seconds for the charts, every second while somebody looks at the page. A session notices
/// nothing of it: each loop walks its list once, as work between two batches.
/// </summary>
internal sealed class StatusSampler(SessionRegistry registry, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(2);
    private static readonly Refusal[] Causes = [.. Enum.GetValues<Refusal>().Where(cause => cause != Refusal.None)];
    private static readonly SessionEnd[] Ends = [.. Enum.GetValues<SessionEnd>().Where(end => end != SessionEnd.None)];

    private readonly SemaphoreSlim _wake = new(0, 1);
    private int _watchers;
    private StatusSample? _current;
    private TaskCompletionSource<StatusSample> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HistoryRing History { get; } = new();

    /// <summary>When the page was opened: totals count from the start of the process, charts from here.</summary>
    public StatusSample? Current => Volatile.Read(ref _current);

    /// <summary>Samples come every second until disposed of.</summary>
    public IDisposable Watch()
    {
        Interlocked.Increment(ref _watchers);
        Wake();
        return new Watcher(this);
    }

    public void Dispose() => _wake.Dispose();

    /// <summary>A sample newer than this one: the present one, or the next.</summary>
    public Task<StatusSample> NextAsync(long after, CancellationToken cancellation)
    {
        // The next one first: the present may be replaced in between.
        var next = Volatile.Read(ref _next).Task;
        return Current is { } present && present.Version > after ? Task.FromResult(present) : next.WaitAsync(cancellation);
    }

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                Publish(await TakeAsync(stopping));
                using var early = CancellationTokenSource.CreateLinkedTokenSource(stopping);
                var pause = Task.Delay(Volatile.Read(ref _watchers) > 0 ? Watched : HistoryRing.Step, clock, early.Token);
                await Task.WhenAny(pause, _wake.WaitAsync(early.Token));
                await early.CancelAsync();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The page closes.
        }
    }

    private async Task<StatusSample> TakeAsync(CancellationToken stopping)
    {
        var answers = await registry.ReadLoopsAsync(StuckAfter, stopping);
        var counts = registry.Counts;
        var before = Current;
        var sample = new StatusSample
        {
            Version = (before?.Version ?? 0) + 1,
            At = clock.GetUtcNow(),
            Timestamp = clock.GetTimestamp(),
            Clients = counts.Sessions,
            Handshakes = counts.Handshakes,
            Handed = counts.Masked,
            Total = Sum(answers),
            Refusals = [.. Causes.Select(registry.CountOf)],
            Ends = [.. Ends.Select(registry.CountOf)],
            StuckLoops = answers.Count(answer => answer is null),
            Rates = default,
        };
        return before is null ? sample : sample with { Rates = Rates.Between(before, sample, Elapsed(before, sample)) };
    }

    private TimeSpan Elapsed(StatusSample before, StatusSample after) => clock.GetElapsedTime(before.Timestamp, after.Timestamp);

    private void Publish(StatusSample sample)
    {
        History.Add(sample, Elapsed);
        Volatile.Write(ref _current, sample);
        Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult(sample);
    }

    private static LoopSample Sum(LoopSample?[] answers) => answers.OfType<LoopSample>().Aggregate(
        default(LoopSample),
        static (sum, one) => new LoopSample(
            sum.Accepted + one.Accepted,
            sum.Admitted + one.Admitted,
            sum.Masked + one.Masked,
            sum.Evicted + one.Evicted,
            sum.Up + one.Up,
            sum.Down + one.Down,
            sum.Held + one.Held,
            sum.Lag > one.Lag ? sum.Lag : one.Lag));

    private void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // A sample is due already.
        }
    }

    private sealed class Watcher(StatusSampler sampler) : IDisposable
    {
        private int _gone;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _gone, 1) == 0)
            {
                Interlocked.Decrement(ref sampler._watchers);
            }
        }
    }
}
