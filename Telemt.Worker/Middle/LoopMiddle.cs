using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Telemt.Core;
using Telemt.Core.Routing;
using Telemt.Core.Settings;
using Telemt.Core.Status;
using Telemt.Worker.Dialing;
using Telemt.Worker.Sessions;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Middle;

/// <summary>
/// The connections to middle proxies of one loop. A client and the connection that it shares are on one loop, so that nothing between
/// them takes a lock or changes threads; the price is a connection for each loop and data centre, as with the official server's workers.
/// </summary>
internal sealed class LoopMiddle : LoopTimer
{
    private const long TickMilliseconds = 1000;

    /// <summary>What a session with another way grants to addresses that failed when they were tried last.</summary>
    private const long TroubleMilliseconds = 1000;

    private readonly MiddlePool _pool;
    private readonly Dictionary<(short Dc, UpstreamChoice Ways), MiddleCluster> _clusters = [];
    private readonly List<Session> _waiting = [];
    private readonly LogThrottle _failures;
    private ImmutableArray<MiddleClusterStatus> _status = [];
    private bool _preferIpv6;
    private bool _enabled;
    private bool _stopped;
    private long _nextId;

    public LoopMiddle(MiddlePool pool, EventLoop loop, int mostConnections)
    {
        _pool = pool;
        _failures = new LogThrottle(pool.Clock);
        Loop = loop;
        MostConnections = mostConnections;

        // Ids of an earlier run may still be alive at a middle proxy, though on other connections.
        _nextId = (long)Draw(int.MaxValue) << 24;
    }

    public EventLoop Loop { get; }

    /// <summary>Connections for one data centre.</summary>
    public int MostConnections { get; }

    public MiddleRoutes Routes { get; private set; } = MiddleRoutes.Loading;

    public ILogger Log => _pool.Log;

    public MiddleAddresses Addresses => _pool.Addresses;

    public Dialer Dialer => _pool.Dialer;

    /// <summary>After which an upstream that keeps silent is joined by the next.</summary>
    public long StaggerMilliseconds { get; private set; }

    public TimeProvider Clock => _pool.Clock;

    public IRandomSource Random => _pool.Random;

    /// <summary>Readable from any thread; a second old at most.</summary>
    public ImmutableArray<MiddleClusterStatus> Status => _status;

    public bool IsStopped => _stopped;

    public long NextId() => ++_nextId;

    /// <summary>A number below <paramref name="bound"/>.</summary>
    public int Draw(int bound)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        _pool.Random.Fill(bytes);
        return (int)(BitConverter.ToUInt32(bytes) % (uint)bound);
    }

    public bool MayLogFailure(out long held) => _failures.TryPass(out held);

    /// <summary>Finds a connection for a session; waits for one that is being made.</summary>
    /// <param name="due">Loop time by which it must have come about.</param>
    /// <param name="orElse">The session has another way: it does not wait for addresses that have just failed.</param>
    /// <returns>The connection, or in words why there is none.</returns>
    public async ValueTask<(MiddleConnection? Connection, string? Problem)> FindAsync(Session session, long due, bool orElse)
    {
        var began = Loop.Now;
        while (true)
        {
            var cluster = Find(session.Dc, session.Upstreams, out var problem);
            if (cluster?.Pick() is { } connection)
            {
                return (connection, null);
            }

            if (orElse && cluster is { IsInTrouble: true })
            {
                due = Math.Min(due, began + TroubleMilliseconds);
            }

            problem = cluster?.Problem ?? problem;
            var worthWaiting = cluster is null ? Routes.IsLoading : cluster.IsDialling || !orElse;
            Arm();
            if (!worthWaiting || Loop.Now >= due || _stopped)
            {
                return (null, problem);
            }

            Enter(cluster, session);
            var waited = await session.Waiter!.Until(due);
            Leave(cluster, session);
            if (waited == WaitResult.Cancelled)
            {
                return (null, problem);
            }
        }
    }

    /// <summary>New settings or new lists.</summary>
    public void Apply(MiddleRoutes routes, ProxySettings settings)
    {
        Routes = routes;
        _preferIpv6 = settings.PreferIpv6;
        StaggerMilliseconds = RelayLimits.Milliseconds(settings.Timeouts.ConnectStagger);
        _enabled = settings.MiddleProxy.Enabled;
        foreach (var cluster in _clusters.Values)
        {
            cluster.Apply(AddressesOf(cluster.Dc));
        }

        foreach (var session in _waiting)
        {
            session.Waiter?.Nudge();
        }

        if (_clusters.Count > 0)
        {
            Arm();
        }
    }

    public void Stop()
    {
        _stopped = true;
        Loop.Timers.Cancel(this);
        foreach (var cluster in _clusters.Values)
        {
            cluster.EndAll();
        }

        Publish();
    }

    /// <summary>Something happened that the status should show soon.</summary>
    public void Changed() => Arm();

    protected internal override void OnTimer()
    {
        foreach (var cluster in _clusters.Values)
        {
            cluster.Tick();
        }

        Publish();
        if (_clusters.Values.Any(cluster => cluster.IsLive))
        {
            Arm();
        }
    }

    private void Arm()
    {
        if (!_stopped && HeapPosition == 0)
        {
            Loop.Timers.Arm(this, Loop.Now + TickMilliseconds);
        }
    }

    private MiddleCluster? Find(short dc, UpstreamChoice ways, out string? problem)
    {
        problem = Routes.Missing;
        if (problem is not null)
        {
            return null;
        }

        if (Routes.Find(dc, _preferIpv6, out var name).IsEmpty)
        {
            problem = "the list of middle proxies does not know it, and has no default";
            return null;
        }

        if (!_clusters.TryGetValue((name, ways), out var cluster))
        {
            _clusters[(name, ways)] = cluster = new MiddleCluster(this, name, ways);
            cluster.Apply(AddressesOf(name));
        }

        return cluster;
    }

    private ImmutableArray<System.Net.IPEndPoint> AddressesOf(short dc)
    {
        var addresses = Routes.Find(dc, _preferIpv6, out var name);
        return _enabled && name == dc ? addresses : [];
    }

    private void Enter(MiddleCluster? cluster, Session session)
    {
        if (cluster is null)
        {
            _waiting.Add(session);
        }
        else
        {
            cluster.Wait(session);
        }
    }

    private void Leave(MiddleCluster? cluster, Session session)
    {
        if (cluster is null)
        {
            _waiting.Remove(session);
        }
        else
        {
            cluster.StopWaiting(session);
        }
    }

    private void Publish() => _status = [.. _clusters.Values.Select(cluster => cluster.Status()).Where(status => status.Connections.Length + status.Failing.Length > 0)];
}
