using System.Collections.Immutable;
using System.Net;
using Telemt.Core.Routing;
using Telemt.Core.Status;
using Telemt.Worker.Sessions;

namespace Telemt.Worker.Middle;

/// <summary>
/// The middle proxies of one data centre by one group of upstreams, on one loop: a few connections that last, made at need, the least loaded first; another one
/// while those there are get many clients; one address after another when they fail. Loop thread only.
/// </summary>
internal sealed class MiddleCluster(LoopMiddle pool, short dc, UpstreamChoice ways)
{
    /// <summary>From so many clients on a further connection is worth its while.</summary>
    private const int CrowdedLoad = 32;

    /// <summary>While nobody serves, another address joins one that keeps silent for so long.</summary>
    private const long StaggerMilliseconds = 1000;
    private const int MostDials = 3;

    /// <summary>A connection that lasted so long was lost by chance: its address is tried again at once.</summary>
    private const long LongLifeMilliseconds = 10_000;

    private const long FirstRetryMilliseconds = 1000;
    private const long MostRetryMilliseconds = 30_000;

    /// <summary>So long after the last client it is kept connected, and connected again when it is lost.</summary>
    private const long WantedMilliseconds = 300_000;

    private readonly List<MiddleConnection> _connections = [];
    private readonly List<Session> _waiting = [];
    private readonly Dictionary<IPEndPoint, AddressState> _states = [];
    private readonly Dictionary<IPEndPoint, MiddleDial> _dials = [];
    private ImmutableArray<IPEndPoint> _addresses = [];
    private long _lastDial;
    private long _lastWanted;

    public short Dc { get; } = dc;

    /// <summary>By which upstreams its connections come about.</summary>
    public UpstreamChoice Ways { get; } = ways;

    /// <summary>Something is to be looked after each second.</summary>
    public bool IsLive => _connections.Count > 0 || _dials.Count > 0 || IsWanted;

    private bool IsUnserved => !_connections.Exists(Takes);

    private bool IsWanted => !_addresses.IsEmpty && _lastWanted != 0 && pool.Loop.Now - _lastWanted < WantedMilliseconds;

    /// <summary>Why nobody is served, in words.</summary>
    public string Problem => _states.Values.LastOrDefault(state => state.Failures > 0)?.Cause ?? "none has answered yet";

    /// <summary>Every address failed when it was tried last: who has another way does not wait long for this one.</summary>
    public bool IsInTrouble => !_addresses.IsEmpty && _addresses.All(address => _states.GetValueOrDefault(address) is { Failures: > 0 });

    /// <summary>Connections to addresses that are no longer named take no new clients and end with their last one.</summary>
    public void Apply(ImmutableArray<IPEndPoint> addresses)
    {
        _addresses = addresses;
        foreach (var gone in _states.Keys.Where(address => !addresses.Contains(address)).ToList())
        {
            _states.Remove(gone);
        }

        foreach (var connection in _connections.Where(connection => !addresses.Contains(connection.Ends.Middle)).ToList())
        {
            connection.Drain();
        }

        WakeAll();
    }

    /// <summary>A connection for one more client, or null when there is none at the moment. Starts what may be needed.</summary>
    public MiddleConnection? Pick()
    {
        _lastWanted = Math.Max(1, pool.Loop.Now);
        MiddleConnection? best = null;
        var usable = 0;
        foreach (var connection in _connections)
        {
            if (!Takes(connection))
            {
                continue;
            }

            usable++;
            if (best is null || Weight(connection) < Weight(best))
            {
                best = connection;
            }
        }

        if (best is null || (best.Load >= CrowdedLoad && usable + _dials.Count < pool.MostConnections))
        {
            TryDial();
        }

        return best;
    }

    /// <summary>Whether a connection is on its way.</summary>
    public bool IsDialling => _dials.Count > 0;

    public void Wait(Session session) => _waiting.Add(session);

    public void StopWaiting(Session session) => _waiting.Remove(session);

    public void Tick()
    {
        for (var i = _connections.Count - 1; i >= 0 && i < _connections.Count; i--)
        {
            var connection = _connections[i];
            connection.Tick();
            if (!connection.IsClosed && !connection.IsDraining && (!Takes(connection) || (connection.Load == 0 && !IsWanted)))
            {
                connection.Drain();
            }
        }

        if (IsWanted && IsUnserved)
        {
            TryDial();
        }
    }

    public void EndAll()
    {
        _addresses = [];
        foreach (var dial in _dials.Values)
        {
            dial.Cancel();
        }

        foreach (var connection in _connections.ToList())
        {
            connection.End(MiddleEnd.Shutdown);
        }
    }

    public void OnEnded(MiddleConnection connection, MiddleEnd cause, int clients)
    {
        _connections.Remove(connection);
        pool.Changed();
        if (cause is MiddleEnd.Drained or MiddleEnd.Shutdown)
        {
            pool.Log.MiddleLeft(connection.Ends.Middle, Dc, cause);
            return;
        }

        var words = MiddleAdvice.For(cause, connection.Fault, connection.Ends, 0, 0, null);
        pool.Log.MiddleLost(connection.Ends.Middle, Dc, words, clients);

        _lastWanted = clients > 0 ? Math.Max(1, pool.Loop.Now) : _lastWanted;
        Fail(connection.Ends.Middle, words, pause: pool.Loop.Now - connection.ReadyAt < LongLifeMilliseconds);
        if (IsWanted)
        {
            TryDial();
        }
    }

    public MiddleClusterStatus Status() => new(
        Dc,
        [.. _connections.Select(connection => new MiddleConnectionStatus(
            connection.Ends.Middle, connection.Ends.Ours, connection.Load, connection.Pending, connection.IsDraining))],
        [.. _states.Where(state => state.Value.Failures > 0).Select(state => new MiddleAddressStatus(state.Key, state.Value.Failures, state.Value.Cause))]);

    /// <summary>Whether it takes new clients: an upstream that is gone, or in another group now, keeps those it has.</summary>
    private bool Takes(MiddleConnection connection) =>
        !connection.IsDraining
        && !connection.Upstream.IsDraining
        && (connection.Upstream.Settings.Group == Ways.Group || connection.Upstream.Settings.Group == Ways.Fallback);

    private static int Weight(MiddleConnection connection) => connection.IsFull ? int.MaxValue : connection.Load;

    /// <summary>Begins with an address that is not failing, of those the one with the fewest connections, drawn where they are equal.</summary>
    private void TryDial()
    {
        var now = pool.Loop.Now;
        var another = _dials.Count == 0 || (IsUnserved && _dials.Count < MostDials && now - _lastDial >= StaggerMilliseconds);
        if (!another || pool.Routes.Secret is not { } secret)
        {
            return;
        }

        IPEndPoint? best = null;
        var (bestRank, seen) = (int.MaxValue, 0);
        foreach (var address in _addresses)
        {
            var state = _states.GetValueOrDefault(address);
            if (state?.RetryAt > now || _dials.ContainsKey(address))
            {
                continue;
            }

            // The preferred family stands first in the list and counts before the rest.
            var rank = (10_000 * (state?.Failures ?? 0))
                + (1000 * (address.AddressFamily == _addresses[0].AddressFamily ? 0 : 1))
                + _connections.Count(connection => Takes(connection) && connection.Ends.Middle.Equals(address));
            if (rank < bestRank)
            {
                (best, bestRank, seen) = (address, rank, 1);
            }
            else if (rank == bestRank && pool.Draw(++seen) == 0)
            {
                best = address;
            }
        }

        if (best is not null)
        {
            _lastDial = now;
            _dials[best] = new MiddleDial(this, pool);
            _ = DialAsync(_dials[best], secret, best);
        }
    }

    private async Task DialAsync(MiddleDial dial, Telemt.Core.Middle.MiddleSecret secret, IPEndPoint address)
    {
        MiddleDialled dialled;
        try
        {
            dialled = await dial.ConnectAsync(secret, address);
        }
        catch (Exception e)
        {
            pool.Log.MiddleFault(e);
            dialled = new MiddleDialled(null, "a bug of ours");
        }

        _dials.Remove(address);
        pool.Changed();
        if (dialled.Connection is { } connection)
        {
            _states.Remove(address);
            if (!_addresses.Contains(address))
            {
                connection.End(MiddleEnd.Shutdown);
            }
            else
            {
                _connections.Add(connection);
                pool.Log.MiddleReady(address, Dc, connection.Ends.Ours);
                connection.Start();
            }
        }
        else
        {
            Fail(address, dialled.Cause!, pause: true);
            if (!pool.IsStopped && pool.MayLogFailure(out var held))
            {
                pool.Log.MiddleFailed(address, Dc, dialled.Cause!, held);
            }

            if (_waiting.Count > 0)
            {
                TryDial();
            }
        }

        WakeAll();
    }

    private void Fail(IPEndPoint address, string cause, bool pause)
    {
        if (!_addresses.Contains(address))
        {
            return;
        }

        if (!_states.TryGetValue(address, out var state))
        {
            _states[address] = state = new AddressState();
        }

        state.Failures++;
        state.Cause = cause;
        state.RetryAt = pause ? pool.Loop.Now + Math.Min(MostRetryMilliseconds, FirstRetryMilliseconds << Math.Min(state.Failures - 1, 10)) : 0;
    }

    /// <summary>Those who wait look again.</summary>
    private void WakeAll()
    {
        foreach (var session in _waiting)
        {
            session.Waiter?.Nudge();
        }
    }

    private sealed class AddressState
    {
        public int Failures { get; set; }

        public string Cause { get; set; } = "";

        /// <summary>Loop time before which it is not tried again.</summary>
        public long RetryAt { get; set; }
    }
}
