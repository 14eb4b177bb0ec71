using Telemt.Core.Policy;

namespace Telemt.Tests.Core.Policy;

/// <summary>A link as TCP shares it: each connection as much as any other, bounded by its user's own link and by what we let him have.</summary>
internal sealed class SimulatedLink(double capacity, int seed = 1, double noise = 0.02)
{
    private readonly Random _random = new(seed);
    private readonly List<User> _users = [];

    public double Capacity { get; set; } = capacity;

    /// <summary>What a stream's sockets hold, in windows' worth of one unit of rate: sent on though the source is held.</summary>
    public double BacklogOfAStream { get; init; }

    public User Add(int connections, double ownLink = double.PositiveInfinity)
    {
        var user = new User { Connections = connections, OwnLink = ownLink };
        _users.Add(user);
        return user;
    }

    /// <summary>One window of traffic with this level in force.</summary>
    public void Run(LinkLevel level)
    {
        var flows = new FlowSample[_users.Count];
        var shares = Share(level.Level);
        if (BacklogOfAStream > 0)
        {
            ShareByWhatIsQueued(shares, level.Level);
        }

        for (var i = 0; i < flows.Length; i++)
        {
            var user = _users[i];

            // A connection's rate follows what it may have within a few round trips.
            user.Rate += (shares[i] - user.Rate) * (shares[i] > user.Rate ? user.Follows : 1);
            var rate = user.Rate * (1 + (((_random.NextDouble() * 2) - 1) * noise));
            user.Usual += (rate - user.Usual) * 0.4;
            user.Moved += rate;
            var held = user.Rate >= level.Level * 0.98;
            var full = user.Queued > user.Connections * BacklogOfAStream / 2 ? user.Connections : 0;
            flows[i] = new FlowSample(rate, user.Usual, user.Wants, held, full);
        }

        level.Observe(flows);
    }

    public void Run(LinkLevel level, int windows)
    {
        for (var i = 0; i < windows; i++)
        {
            Run(level);
        }
    }

    /// <summary>Mean rates of the users over so many windows.</summary>
    public double[] Measure(LinkLevel level, int windows)
    {
        _users.ForEach(user => user.Moved = 0);
        Run(level, windows);
        return [.. _users.Select(user => user.Moved / windows)];
    }

    /// <summary>The link is divided by what is queued; we see what goes into the queues.</summary>
    private void ShareByWhatIsQueued(double[] shares, double level)
    {
        var drained = Share(double.PositiveInfinity, user => user.Queued > 0 ? double.PositiveInfinity : level);
        for (var i = 0; i < shares.Length; i++)
        {
            var user = _users[i];
            var room = (user.Connections * BacklogOfAStream) - user.Queued + drained[i];
            shares[i] = Math.Min(level, Math.Max(0, room));
            user.Queued = Math.Max(0, user.Queued + shares[i] - drained[i]);
        }
    }

    private double[] Share(double level) => Share(level, static _ => double.PositiveInfinity);

    private double[] Share(double level, Func<User, double> boundOf)
    {
        var shares = new double[_users.Count];
        var left = Capacity;
        var open = Enumerable.Range(0, _users.Count).Where(i => _users[i].Wants).ToList();
        while (open.Count > 0)
        {
            var each = left / open.Sum(i => _users[i].Connections);
            var bounded = open.Where(i => Bound(i) <= each * _users[i].Connections).ToList();
            foreach (var i in bounded.Count > 0 ? bounded : open)
            {
                shares[i] = bounded.Count > 0 ? Bound(i) : each * _users[i].Connections;
                left -= shares[i];
            }

            open = bounded.Count > 0 ? [.. open.Except(bounded)] : [];
        }

        return shares;

        double Bound(int i) => Math.Min(Math.Min(_users[i].OwnLink, level), boundOf(_users[i]));
    }

    internal sealed class User
    {
        public int Connections { get; init; }

        public double OwnLink { get; init; }

        public bool Wants { get; set; } = true;

        /// <summary>Of the way to a higher rate in one window.</summary>
        public double Follows { get; set; } = 1;

        public double Rate { get; set; }

        public double Queued { get; set; }

        public double Usual { get; set; }

        public double Moved { get; set; }
    }
}
