namespace Telemt.Core.Policy;

/// <summary>
/// Finds out whether users whose sinks are full share a link that nobody told us of, and shares it. The kernel divides a link by
/// connections; we see of it only how much gets through. So it is tried: the level above which a user is held is lowered by a step. On a
/// shared link the others take up what the held one leaves and the sum stays; the lowest level at which it stays is the fair one. Where
/// every user has a narrow link of his own the sum falls, and the step is taken back. Not thread-safe.
/// </summary>
internal sealed class LinkLevel
{
    /// <summary>Windows that must look alike before a step, so that the sum and its noise are known.</summary>
    private const int WindowsToKnow = 4;

    /// <summary>The first window after a step shows what was under way before; two more tell.</summary>
    private const int WindowsToSettle = 1;
    private const int WindowsToTell = 2;

    /// <summary>
    /// What the kernel holds for the held one's full sinks goes on filling the link, and drains only as fast as he is short of it: 64 streams
    /// with 64 KiB each took 1.4 s at 72 of 100 Mbit/s. So the step tells once his sinks are full no more, and what is below that mark, about
    /// half, is out too: that takes as long again.
    /// </summary>
    private const int LeastDrain = 3;
    private const int LongestDrain = 10;
    private const int NearlyAll = 8;

    private const double LowerBy = 0.6;
    private const double RaiseBy = 1.2;

    /// <summary>A step must be worth so many deviations of the sum, or its outcome is chance.</summary>
    private const double WorthDeviations = 3;

    /// <summary>Above the even share by less than this is even enough.</summary>
    private const double Tolerance = 1.08;

    /// <summary>Of what a step withholds: the others took up more, or the link is not shared.</summary>
    private const double ShareTakenUp = 0.5;

    /// <summary>Part of the sum; a single stream's losses cost as much now and then, so it must last.</summary>
    private const double RoomLeft = 0.04;

    private const int LeastPause = 8;
    private const int LongestPause = 256;
    private const int ProbeEvery = 16;

    private readonly RunningMean _sum = new();
    private State _state;
    private int _window;
    private int _alone;
    private int _pause;
    private int _nextPause = LeastPause;
    private double _before;
    private double _levelBefore;
    private double _expected;
    private double _told;
    private int _fullBefore;
    private int _settled;

    private enum State : byte
    {
        /// <summary>The level stands; the sum is learnt.</summary>
        Watching,

        /// <summary>The level was lowered: does the sum stay?</summary>
        Lowered,

        /// <summary>The level was raised: does the sum rise?</summary>
        Raised,
    }

    /// <summary>Bytes per second above which a user is held; positive infinity while nobody is.</summary>
    public double Level { get; private set; } = double.PositiveInfinity;

    public bool IsFree => double.IsInfinity(Level);

    public void Observe(ReadOnlySpan<FlowSample> flows)
    {
        var (sum, wanting, top) = Survey(flows);
        _alone = wanting < 2 ? _alone + 1 : 0;
        if (_alone >= WindowsToKnow)
        {
            Release();
            return;
        }

        _window++;
        switch (_state)
        {
            case State.Watching:
                Watch(flows, sum, wanting, top);
                break;
            case State.Lowered when IsDrained(flows) && Tells(sum):
                JudgeLower();
                break;
            case State.Raised when Tells(sum):
                JudgeRaise();
                break;
        }
    }

    private static (double Sum, int Wanting, double Top) Survey(ReadOnlySpan<FlowSample> flows)
    {
        var (sum, wanting, top) = (0.0, 0, 0.0);
        foreach (var flow in flows)
        {
            sum += flow.Rate;
            if (flow.Wants)
            {
                wanting++;
                top = Math.Max(top, flow.Usual);
            }
        }

        return (sum, wanting, top);
    }

    private void Watch(ReadOnlySpan<FlowSample> flows, double sum, int wanting, double top)
    {
        _sum.Add(sum);
        _pause = Math.Max(0, _pause - 1);
        if (_window < WindowsToKnow)
        {
            return;
        }

        if (!IsFree && _before - _sum.Mean > _before * RoomLeft && Held(flows) is > 0 and var held)
        {
            // Somebody left room: what he does not take is not withheld from the held.
            Level += (_before - _sum.Mean) / held;
            Begin(State.Watching);
            return;
        }

        var even = _sum.Mean / Math.Max(1, wanting);
        if (!IsFree && _window >= ProbeEvery)
        {
            Step(State.Raised, Level * RaiseBy, flows);
        }
        else if (_pause == 0 && top > even * Tolerance)
        {
            var level = Math.Max(even, Math.Min(Level, top) * LowerBy);
            if (level < Level && Withheld(flows, level) > _sum.Deviation * WorthDeviations)
            {
                Step(State.Lowered, level, flows);
            }
            else if (_window >= ProbeEvery)
            {
                // A burst, as when sockets fill for the first time, is not to count for ever.
                Begin(State.Watching);
            }
        }
    }

    private void Step(State state, double level, ReadOnlySpan<FlowSample> flows)
    {
        _expected = state == State.Lowered ? Withheld(flows, level) : (level - Level) * Math.Max(1, Held(flows));
        _before = Math.Max(_sum.Mean, 1);
        _levelBefore = Level;
        Level = level;
        Begin(state);
        _fullBefore = Full(flows);
        _settled = state == State.Lowered && _fullBefore > 0 ? 0 : WindowsToSettle;
    }

    private bool IsDrained(ReadOnlySpan<FlowSample> flows)
    {
        if (_settled == 0 && (Full(flows) <= _fullBefore / NearlyAll || _window >= LongestDrain))
        {
            _settled = _window + Math.Max(LeastDrain, _window + 1);
        }

        return _settled > 0;
    }

    private static int Full(ReadOnlySpan<FlowSample> flows)
    {
        var full = 0;
        foreach (var flow in flows)
        {
            full += flow.Wants ? flow.Full : 0;
        }

        return full;
    }

    /// <summary>What those above the level move now beyond it.</summary>
    private static double Withheld(ReadOnlySpan<FlowSample> flows, double level)
    {
        var withheld = 0.0;
        foreach (var flow in flows)
        {
            if (flow.Wants)
            {
                withheld += Math.Max(0, flow.Usual - level);
            }
        }

        return withheld;
    }

    private static int Held(ReadOnlySpan<FlowSample> flows)
    {
        var held = 0;
        foreach (var flow in flows)
        {
            held += flow.IsHeld ? 1 : 0;
        }

        return held;
    }

    private bool Tells(double sum)
    {
        if (_window > _settled)
        {
            _told += sum / WindowsToTell;
        }

        return _window == _settled + WindowsToTell;
    }

    private void JudgeLower()
    {
        if (_before - _told > _expected * ShareTakenUp)
        {
            Level = _levelBefore;
            _pause = _nextPause;
            _nextPause = Math.Min(_nextPause * 2, LongestPause);
        }
        else
        {
            _nextPause = LeastPause;
        }

        Begin(State.Watching);
    }

    private void JudgeRaise()
    {
        if (_told - _before <= _expected * ShareTakenUp)
        {
            Level = _levelBefore;
            Begin(State.Watching);
            return;
        }

        // There is more than we knew: on at once, until it is found.
        _before = _told;
        _levelBefore = Level;
        Level *= RaiseBy;
        _expected *= RaiseBy;
        Begin(State.Raised);
    }

    private void Begin(State state)
    {
        _state = state;
        _window = 0;
        _told = 0;
        _sum.Clear();
    }

    /// <summary>Holds nobody, and begins to learn anew.</summary>
    public void Release()
    {
        Level = double.PositiveInfinity;
        _pause = 0;
        _nextPause = LeastPause;
        Begin(State.Watching);
    }
}
