using Telemt.Core.Policy;

namespace Telemt.Worker.Transport;

/// <summary>
/// One direction of a <see cref="UserLane"/>: counts what it moves, and makes sources wait while a rate or a level is overdrawn. They
/// wait in line, so that streams of one user take turns. Without any rate or level a comparison is all it costs. Loop thread only.
/// </summary>
/// <param name="own">The user's own rate.</param>
/// <param name="policy">The rate of the policy that his sessions of this lane came by, if it has one.</param>
internal sealed class LaneFlow(UserLane lane, UserFlow flow, HostShare host, HostGate gate, TokenBucket own, TokenBucket? policy) : LoopTimer
{
    /// <summary>A TLS record of a phone's upload passes in one or two receives.</summary>
    private const int LeastPortion = 4 * 1024;

    private readonly FlowCounters _counters = flow.On(lane.Loop.Index);
    private readonly LinkedList<LaneMember> _held = new();

    /// <summary>Taken from the line, and not put back yet.</summary>
    private LaneMember? _served;

    public UserLane Lane => lane;

    /// <summary>In the line of those who wait for the host's rate; the gate's own mark.</summary>
    public bool IsAtGate { get; set; }

    public bool HasHeld => _held.Count > 0;

    private bool IsBound => own.Rate > 0 || policy is not null || flow.IsPaced;

    /// <summary>Whether the member's source may be read now; if not, it is pumped again when it may.</summary>
    /// <param name="most">Bytes to take at the most; made less where somebody else is to get his turn soon.</param>
    public bool MayTake(LaneMember member, ref int most)
    {
        if (!IsBound)
        {
            return true;
        }

        if (_held.Count > 0 && member != _served)
        {
            Hold(member, first: false);
            return false;
        }

        if (!IsFree())
        {
            Hold(member, first: member == _served);
            return false;
        }

        most = own.Portion(LeastPortion, most);
        most = policy?.Portion(LeastPortion, most) ?? most;
        if (flow.IsPaced)
        {
            most = flow.Level.Portion(LeastPortion, most);
            most = host.Rate.Portion(LeastPortion, most);
        }

        return true;
    }

    public void Took(int bytes)
    {
        _counters.Moved += bytes;
        lane.Note(bytes);
        if (!IsBound)
        {
            return;
        }

        var now = lane.Loop.Nanoseconds;
        own.Take(now, bytes);
        policy?.Take(now, bytes);
        if (flow.IsPaced)
        {
            flow.Level.Take(now, bytes);
            flow.Light.Take(now, bytes);
            host.Rate.Take(now, bytes);
            lane.Compare();
        }
    }

    /// <summary>A sink took less than there was.</summary>
    public void Filled()
    {
        _counters.Fulls++;
        _counters.FullNow++;
        lane.Compare();
    }

    /// <summary>The sink took the rest, or its relay has ended.</summary>
    public void Emptied() => _counters.FullNow--;

    /// <summary>The relay has ended.</summary>
    public void Leave(LaneMember member)
    {
        if (member.InLine?.List is not null)
        {
            _held.Remove(member.InLine);
            _counters.HeldNow--;
        }
    }

    /// <summary>Pumps those who wait, in order, until the rate is overdrawn again.</summary>
    public void Serve()
    {
        try
        {
            while (_held.First is { } first && IsFree())
            {
                _held.RemoveFirst();
                _counters.HeldNow--;
                _served = first.Value;
                first.Value.Turn();
            }
        }
        finally
        {
            _served = null;
            Await();
        }
    }

    protected internal override void OnTimer() => Serve();

    private bool IsFree()
    {
        if (!IsBound)
        {
            return true;
        }

        var now = lane.Loop.Nanoseconds;
        return OwnWait(now) <= 0 && HostWait(now) <= 0;
    }

    private long OwnWait(long now)
    {
        var wait = Math.Max(own.Wait(now), policy?.Wait(now) ?? 0);
        return flow.IsPaced ? Math.Max(wait, flow.Level.Wait(now)) : wait;
    }

    /// <summary>Who takes little of the host's rate passes while others wait for it.</summary>
    private long HostWait(long now) => flow.IsPaced && flow.Light.Wait(now) > 0 ? host.Rate.Wait(now) : 0;

    private void Hold(LaneMember member, bool first)
    {
        var place = member.InLine ??= new LinkedListNode<LaneMember>(member);
        if (place.List is not null)
        {
            return;
        }

        if (first)
        {
            // It was its turn, and somebody on another loop took what there was.
            _held.AddFirst(place);
        }
        else
        {
            _held.AddLast(place);
        }

        _counters.Holds++;
        _counters.HeldNow++;
        lane.Compare();
        if (_served is null)
        {
            Await();
        }
    }

    /// <summary>Sees to it that those who wait are served in time.</summary>
    private void Await()
    {
        if (_held.Count == 0)
        {
            return;
        }

        var now = lane.Loop.Nanoseconds;
        if (OwnWait(now) is var wait and > 0)
        {
            lane.Loop.Timers.Arm(this, lane.Loop.DueIn(wait));
        }
        else
        {
            gate.Enter(this);
        }
    }
}
