using Telemt.Core.Fronting;
using Telemt.Core.Gate;
using Telemt.Core.Settings;
using Telemt.Core.Status;
using Telemt.Core.Wire;
using Telemt.Worker.State;
using Telemt.Worker.Systemd;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Sessions;

/// <summary>All sessions of the process, by loop. Edits and shutdowns go to each loop as posted work; counts are summed when read.</summary>
internal sealed class SessionRegistry(LoopGroup loops, ConnectionHandler handler, Crowd crowd, TrafficSignal traffic, TimeProvider clock)
    : IProxyStatus, ILoopPulse
{
    private readonly long[] _lastTurns = new long[loops.Loops.Count];
    private LoopSessions[] _perLoop = [];

    /// <summary>In the order of the loops; empty until <see cref="Start"/>.</summary>
    public IReadOnlyList<LoopSessions> PerLoop => _perLoop;

    public ProxyCounts Counts =>
        new(CountOf(SessionStage.Client), CountOf(SessionStage.Stranger), CountOf(SessionStage.Masked));

    public void Start(ProxySettings settings)
    {
        var limits = LimitsFor(settings);
        _perLoop = [.. loops.Loops.Select(loop => new LoopSessions(loop, handler, crowd, traffic, clock, settings, limits))];
        crowd.Loops = _perLoop;
        Apply(settings);
    }

    /// <summary>An edit came into force: new connections see it, timeouts of running ones follow, users who are gone are cut.</summary>
    public void Apply(ProxySettings settings)
    {
        var limits = LimitsFor(settings);
        crowd.Shares.Apply(settings, loops.Loops[0].Nanoseconds);
        crowd.TellAll(sessions => sessions.Apply(settings, limits));
    }

    public void BeginStop() => crowd.TellAll(static sessions => sessions.BeginStop());

    public void CutQuiet(long milliseconds) => crowd.TellAll(sessions => sessions.CutQuiet(milliseconds));

    public void CutAll() => crowd.TellAll(static sessions => sessions.CutAll());

    public int CountOf(SessionStage stage) => _perLoop.Sum(sessions => sessions.CountOf(stage));

    public long CountOf(Refusal refusal) => _perLoop.Sum(sessions => sessions.Counters.Of(refusal));

    public long CountOf(ClientMode mode) => _perLoop.Sum(sessions => sessions.Counters.Of(mode));

    public long CountOf(StrangerClass looks) => _perLoop.Sum(sessions => sessions.Counters.Of(looks));

    /// <summary>Hellos that were answered by a flight with such a key.</summary>
    public long AnsweredBy(KeyGroup group) => _perLoop.Sum(sessions => sessions.Counters.AnsweredBy(group));

    /// <summary>Those of them behind which nothing came.</summary>
    public long AbandonedBehind(KeyGroup group) => _perLoop.Sum(sessions => sessions.Counters.AbandonedBehind(group));

    public long CountOf(SessionEnd end) => _perLoop.Sum(sessions => sessions.Counters.Of(end));

    /// <summary>
    /// Compares with the call before, and makes each loop turn once more: one that does nothing sleeps, and is well.
    /// </summary>
    public bool EveryLoopTurns()
    {
        var all = true;
        for (var i = 0; i < _lastTurns.Length; i++)
        {
            var turns = loops.Loops[i].Turns;
            all &= turns != _lastTurns[i];
            _lastTurns[i] = turns;
            loops.Loops[i].Post(static _ => { }, null);
        }

        return all;
    }

    /// <summary>
    /// What each user does, by name: the loops are asked one after the other, each adds its own on its thread. A loop that does not
    /// answer within the limit is left out.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, UserFigure>> ReadUsersAsync(TimeSpan limit, CancellationToken cancellation)
    {
        var figures = new Dictionary<string, UserFigure>(StringComparer.Ordinal);
        foreach (var sessions in _perLoop)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var own = new Dictionary<string, UserFigure>(figures, StringComparer.Ordinal);
            sessions.Loop.Post(
                _ =>
                {
                    sessions.AddFigures(own);
                    done.TrySetResult();
                },
                null);
            try
            {
                await done.Task.WaitAsync(limit, clock, cancellation);
                figures = own;
            }
            catch (TimeoutException)
            {
                // It may still write into what it was given; nobody reads that any more.
                break;
            }
        }

        return figures;
    }

    /// <summary>How clients fare, loop by loop; of loops that do not answer within the limit nothing.</summary>
    public async Task<IReadOnlyList<ClientExperience>> ReadExperienceAsync(TimeSpan limit, CancellationToken cancellation) =>
        [.. (await Task.WhenAll(_perLoop.Select(each => AskAsync(each, static loop => loop.Experience.Copy(), limit, cancellation)))).OfType<ClientExperience>()];

    /// <summary>Who was not let in, likewise.</summary>
    public async Task<IReadOnlyList<StrangerReport>> ReadStrangersAsync(TimeSpan limit, CancellationToken cancellation) =>
        [.. (await Task.WhenAll(_perLoop.Select(each => AskAsync(each, static loop => loop.Strangers.Copy(), limit, cancellation)))).OfType<StrangerReport>()];

    /// <summary>What each loop counts, in their order; null of one that does not answer within the limit.</summary>
    public Task<LoopSample?[]> ReadLoopsAsync(TimeSpan limit, CancellationToken cancellation)
    {
        var asked = clock.GetTimestamp();
        return Task.WhenAll(_perLoop.Select(each => AskAsync(each, loop => (LoopSample?)Sample(loop, clock.GetElapsedTime(asked)), limit, cancellation)));
    }

    private static LoopSample Sample(LoopSessions sessions, TimeSpan lag)
    {
        var counters = sessions.Counters;
        var (up, down) = sessions.TotalBytes();
        return new LoopSample(
            counters.Accepted, counters.Admitted, counters.Masked, counters.Evicted, up, down, sessions.Loop.Buffers.Held, lag);
    }

    /// <summary>The answer is made on the loop's thread, and must be nothing that it goes on writing to.</summary>
    private async Task<T?> AskAsync<T>(LoopSessions sessions, Func<LoopSessions, T> question, TimeSpan limit, CancellationToken cancellation)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        sessions.Loop.Post(_ => answer.TrySetResult(question(sessions)), null);
        try
        {
            return await answer.Task.WaitAsync(limit, clock, cancellation);
        }
        catch (TimeoutException)
        {
            return default;
        }
    }

    private SessionLimits LimitsFor(ProxySettings settings) =>
        SessionLimits.For(settings.Limits, loops.Loops.Count, HostLimits.Descriptors(), HostLimits.Memory());
}
