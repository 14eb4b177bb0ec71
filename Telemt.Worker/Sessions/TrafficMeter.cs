using Telemt.Core.Policy;
using Telemt.Core.Settings;
using Telemt.Worker.State;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Sessions;

/// <summary>
/// Carries what a loop's sessions have moved into their users' accounts: when one begins to move, every half second while it does, and
/// in between each time a part of what is left of its quota has gone. A quiet session costs nothing, a busy one a comparison for each
/// event. Loop thread only.
/// </summary>
internal sealed class TrafficMeter(EventLoop loop, TimeProvider clock, TrafficSignal signal, Action<UserAccount> onSpent) : LoopTimer
{
    /// <summary>With the writer's pause less than the second that a kill may cost.</summary>
    private const int SweepMilliseconds = 500;

    /// <summary>The last bytes of a quota are counted in such steps, for each session of the user: what it may be exceeded by.</summary>
    private const long LeastStep = 64 * 1024;

    private const long MostStep = 4 * 1024 * 1024;

    private readonly List<Session> _moving = [];

    /// <summary>The session has moved bytes since it was last still, or as many as <paramref name="bytes"/> was to reach.</summary>
    /// <returns>At how many it is to call again.</returns>
    public long Note(Session session, UserSettings user, long bytes)
    {
        Report(session, bytes);
        if (session.MovingIndex < 0)
        {
            session.MovingIndex = _moving.Count;
            _moving.Add(session);
            if (HeapPosition == 0)
            {
                loop.Timers.Arm(this, loop.Now + SweepMilliseconds);
            }
        }

        var account = session.Account!;
        if (account.Left(user) is not { } left)
        {
            return long.MaxValue;
        }

        if (left <= 0)
        {
            onSpent(account);
        }

        return bytes + Math.Clamp(left / (4 * Math.Max(1, account.Sessions)), LeastStep, MostStep);
    }

    /// <summary>The session has ended.</summary>
    public void Finish(Session session)
    {
        Report(session, session.BytesUp + session.BytesDown);
        Forget(session);
        if (_moving.Count == 0)
        {
            loop.Timers.Cancel(this);
        }
    }

    protected internal override void OnTimer()
    {
        for (var i = _moving.Count - 1; i >= 0; i--)
        {
            var session = _moving[i];
            var bytes = session.BytesUp + session.BytesDown;
            if (bytes == session.BytesReported)
            {
                Forget(session);
                session.BeStill();
            }
            else
            {
                Report(session, bytes);
            }
        }

        if (_moving.Count > 0)
        {
            loop.Timers.Arm(this, loop.Now + SweepMilliseconds);
        }
    }

    private void Forget(Session session)
    {
        if (session.MovingIndex >= 0)
        {
            var last = _moving[^1];
            _moving[session.MovingIndex] = last;
            last.MovingIndex = session.MovingIndex;
            _moving.RemoveAt(_moving.Count - 1);
            session.MovingIndex = -1;
        }
    }

    private void Report(Session session, long bytes)
    {
        if (bytes > session.BytesReported)
        {
            session.Account!.Traffic.Add(bytes - session.BytesReported, clock.GetUtcNow());
            session.BytesReported = bytes;
            signal.Set();
        }
    }
}
