using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Telemt.Core;
using Telemt.Core.Settings;
using Telemt.Core.Status;
using Telemt.Worker.Dialing;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Middle;

/// <summary>
/// The connections to middle proxies, by loop, and what they are made from. Edits and new lists go to each loop as posted work. Its host
/// stops it after the listeners: no session is left then.
/// </summary>
internal sealed class MiddlePool : IHostedService, IDisposable
{
    /// <summary>For one data centre, all loops together; at least one for each loop.</summary>
    private const int MostConnections = 4;

    private readonly LoopMiddle[] _perLoop;
    private readonly IOptionsMonitor<ProxySettings> _settings;
    private readonly Lock _applying = new();
    private IDisposable? _subscription;
    private MiddleRoutes _routes = MiddleRoutes.Loading;
    private MiddleSources _sources = MiddleSources.None;
    private long _fallbacks;
    private long _unserved;

    public MiddlePool(
        LoopGroup loops,
        IOptionsMonitor<ProxySettings> settings,
        MiddleAddresses addresses,
        Dialer dialer,
        TimeProvider clock,
        IRandomSource random,
        ILogger<MiddlePool> log)
    {
        (_settings, Addresses, Dialer, Clock, Random, Log) = (settings, addresses, dialer, clock, random, log);
        var most = Math.Max(1, MostConnections / loops.Loops.Count);
        _perLoop = [.. loops.Loops.Select(loop => new LoopMiddle(this, loop, most))];
    }

    public MiddleAddresses Addresses { get; }

    public Dialer Dialer { get; }

    public TimeProvider Clock { get; }

    public IRandomSource Random { get; }

    public ILogger Log { get; }

    /// <summary>How the route stands now; from any thread.</summary>
    public MiddleStatus Status
    {
        get
        {
            var (routes, sources) = (Volatile.Read(ref _routes), Volatile.Read(ref _sources));
            return new MiddleStatus
            {
                Enabled = _settings.CurrentValue.MiddleProxy.Enabled,
                Missing = routes.Missing,
                Fallbacks = Interlocked.Read(ref _fallbacks),
                Unserved = Interlocked.Read(ref _unserved),
                ClockError = sources.ClockError,
                Sources = sources.Status,
                Clusters = Merge(_perLoop.SelectMany(loop => loop.Status)),
            };
        }
    }

    public LoopMiddle On(EventLoop loop) => _perLoop[loop.Index];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = _settings.OnChange((_, _) => Apply());
        Apply();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        foreach (var loop in _perLoop)
        {
            loop.Loop.Post(static state => ((LoopMiddle)state!).Stop(), loop);
        }

        return Task.CompletedTask;
    }

    public void Dispose() => _subscription?.Dispose();

    /// <summary>A new secret or new lists; sessions that run are not touched, unless their middle proxy is no longer named and they end.</summary>
    public void Use(MiddleRoutes routes, MiddleSources sources)
    {
        Volatile.Write(ref _sources, sources);
        if (routes != Volatile.Read(ref _routes))
        {
            Volatile.Write(ref _routes, routes);
            Apply();
        }
    }

    public void CountFallback() => Interlocked.Increment(ref _fallbacks);

    public void CountUnserved() => Interlocked.Increment(ref _unserved);

    private void Apply()
    {
        lock (_applying)
        {
            var (routes, settings) = (Volatile.Read(ref _routes), _settings.CurrentValue);
            foreach (var loop in _perLoop)
            {
                loop.Loop.Post(
                    static state =>
                    {
                        var (target, found, present) = ((LoopMiddle, MiddleRoutes, ProxySettings))state!;
                        target.Apply(found, present);
                    },
                    (loop, routes, settings));
            }
        }
    }

    private static ImmutableArray<MiddleClusterStatus> Merge(IEnumerable<MiddleClusterStatus> parts) =>
    [
        .. parts.GroupBy(part => part.Dc).OrderBy(group => group.Key).Select(group => new MiddleClusterStatus(
            group.Key, [.. group.SelectMany(part => part.Connections)], [.. group.SelectMany(part => part.Failing).DistinctBy(failing => failing.Address)])),
    ];
}
