using System.Collections.Immutable;
using Telemt.Core.Routing;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Dialing;

/// <summary>
/// The attempts of one dial: one that fails makes way for the next at once, one that keeps silent is joined by the next while it goes
/// on, and the first to succeed wins. Loop thread only.
/// </summary>
internal sealed class DialRace(
    EventLoop loop, LoopWaiter waiter, List<RouteCandidate> plan, NameResolver names, TimeProvider clock, Func<bool>? makeRoom)
{
    private readonly List<DialAttempt> _running = new(2);
    private readonly List<DialAttempt> _finished = [];
    private int _next;
    private int _toStart = 1;
    private long _lastStart;

    public EventLoop Loop { get; } = loop;

    public TimeProvider Clock { get; } = clock;

    public DialAttempt? Winner { get; private set; }

    public bool IsOver { get; private set; }

    /// <summary>Nothing runs and nothing is left to try.</summary>
    public bool IsLost => Winner is null && _running.Count == 0 && _next == plan.Count;

    public bool MakeRoom() => makeRoom?.Invoke() == true;

    public ValueTask<ImmutableArray<System.Net.IPAddress>> ResolveAsync(string host) => names.ResolveAsync(host);

    /// <summary>Starts what is to start by now.</summary>
    /// <returns>Loop time of the next start if nothing happens before; <see cref="long.MaxValue"/> for none.</returns>
    public long Advance(long stagger)
    {
        while (Winner is null && _next < plan.Count && (_toStart > 0 || _running.Count == 0 || Loop.Now >= _lastStart + stagger))
        {
            _toStart = Math.Max(0, _toStart - 1);
            _lastStart = Loop.Now;
            var attempt = new DialAttempt(this, plan[_next++]);
            _running.Add(attempt);
            attempt.Start();
        }

        return _next < plan.Count ? _lastStart + stagger : long.MaxValue;
    }

    /// <summary>Further addresses of a name, to be tried behind the first.</summary>
    public void AddNext(IEnumerable<RouteCandidate> candidates)
    {
        plan.InsertRange(_next, candidates);
        waiter.Nudge();
    }

    public void OnConnected(DialAttempt attempt)
    {
        _running.Remove(attempt);
        if (IsOver || Winner is not null)
        {
            attempt.Abandon();
            return;
        }

        Winner = attempt;
        waiter.Nudge();
    }

    public void OnFailed(DialAttempt attempt)
    {
        _running.Remove(attempt);
        if (!IsOver)
        {
            _finished.Add(attempt);
            _toStart++;
            waiter.Nudge();
        }
    }

    /// <summary>Ends what still runs.</summary>
    /// <param name="silence">Milliseconds after which an attempt that has come to nothing counts as failed by silence.</param>
    /// <returns>Everything that failed, silence included.</returns>
    public IReadOnlyList<DialAttempt> End(long silence)
    {
        IsOver = true;
        foreach (var attempt in _running)
        {
            attempt.Abandon();
            if (Loop.Now - attempt.StartedAt >= silence)
            {
                attempt.BlameSilence();
                _finished.Add(attempt);
            }
        }

        _running.Clear();
        return _finished;
    }
}
