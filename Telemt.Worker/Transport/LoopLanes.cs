using Telemt.Core.Policy;
using Telemt.Core.Users;

namespace Telemt.Worker.Transport;

/// <summary>The lanes of one loop: one for each user with a relay here, and one for all strangers. Loop thread only.</summary>
internal sealed class LoopLanes
{
    /// <summary>Milliseconds between two looks at the loops' counters.</summary>
    private const int LookEvery = 50;

    private readonly Dictionary<(UserShare Share, long? PolicyRate), UserLane> _lanes = [];
    private long _nextLook;

    public LoopLanes(EventLoop loop, FairShare share)
    {
        Loop = loop;
        Share = share;
        UpGate = new HostGate(loop, share.Up);
        DownGate = new HostGate(loop, share.Down);
    }

    public EventLoop Loop { get; }

    public FairShare Share { get; }

    public HostGate UpGate { get; }

    public HostGate DownGate { get; }

    public int Count => _lanes.Count;

    /// <param name="user">Null for those who are handed to the mask host.</param>
    /// <param name="rate">The user's own, for one who is new.</param>
    /// <param name="policyRate">That of the policy which the connection came by.</param>
    public UserLane Of(string? user, long? rate, long? policyRate)
    {
        var share = user is null ? Share.Strangers : Share.Of(user, rate, Loop.Nanoseconds);
        if (!_lanes.TryGetValue((share, policyRate), out var lane))
        {
            lane = new UserLane(this, share, policyRate);
            _lanes.Add((share, policyRate), lane);
        }

        return lane;
    }

    public void Remove(UserLane lane) => _lanes.Remove((lane.Share, lane.PolicyRate));

    public void Compare()
    {
        if (Loop.Now >= _nextLook)
        {
            _nextLook = Loop.Now + LookEvery;
            Share.TryExchange(Loop.Nanoseconds);
        }
    }

    /// <summary>An edit came into force: who waits by an old rate may be due.</summary>
    public void Apply(UserDirectory users)
    {
        foreach (var lane in _lanes.Values.ToArray())
        {
            if (users.FindByName(lane.Share.User) is { } user)
            {
                lane.Share.Own.Set(user.Rate ?? 0, Loop.Nanoseconds);
            }

            lane.Recheck();
        }
    }
}
