using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Telemt.Core.Routing;
using Telemt.Core.Settings;

namespace Telemt.Worker.Health;

/// <summary>
/// Takes edits of upstreams and DCs into the ledger: what stays keeps its health, what goes drains. Looks now and then whether a drained
/// one has lost its last session.
/// </summary>
internal sealed class UpstreamBalanceService(
    HealthLedger ledger, IOptionsMonitor<ProxySettings> settings, TimeProvider clock, ILogger<UpstreamBalanceService> log) : BackgroundService
{
    private static readonly TimeSpan DrainLook = TimeSpan.FromSeconds(5);

    private readonly List<UpstreamState> _draining = [];
    private readonly SemaphoreSlim _drains = new(0);
    private readonly Lock _lock = new();
    private IDisposable? _subscription;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = settings.OnChange(Apply);
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _subscription?.Dispose();
        _drains.Dispose();
        base.Dispose();
    }

    /// <summary>Sleeps until an edit leaves something to drain.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await _drains.WaitAsync(stoppingToken);
            while (LookAtDrains())
            {
                await Task.Delay(DrainLook, clock, stoppingToken);
            }
        }
    }

    private void Apply(ProxySettings changed)
    {
        var change = ledger.Apply(changed);
        foreach (var upstream in change.Added)
        {
            log.UpstreamAdded(upstream.Settings.Name, upstream.Settings.Group, upstream.Settings.Weight);
        }

        lock (_lock)
        {
            _draining.AddRange(change.Draining);
        }

        if (!change.Draining.IsEmpty)
        {
            _drains.Release();
        }
    }

    /// <returns>True while one is left.</returns>
    private bool LookAtDrains()
    {
        lock (_lock)
        {
            foreach (var upstream in _draining.Where(upstream => upstream.Live == 0 && upstream.IsDraining))
            {
                log.UpstreamDrained(upstream.Settings.Name);
            }

            _draining.RemoveAll(upstream => upstream.Live == 0 || !upstream.IsDraining);
            return _draining.Count > 0;
        }
    }
}
