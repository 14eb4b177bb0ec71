using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Telemt.Core.Settings;
using Telemt.Worker.Sessions;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Listening;

/// <summary>
/// Opens the listeners before the host counts as started, follows edits while it runs, and at the end lets the sessions drain.
/// Registered last, so that it stops first.
/// </summary>
internal sealed class ListenerService(
    LoopGroup loops,
    SessionRegistry registry,
    ListenerSet listeners,
    IListenerStore store,
    IOptionsMonitor<ProxySettings> settings,
    TimeProvider clock,
    ILogger<ListenerService> log) : BackgroundService
{
    private static readonly TimeSpan DrainLook = TimeSpan.FromMilliseconds(50);

    /// <summary>Where the next process takes over the sockets, a phone that is not in the middle of a transfer is best off with it.</summary>
    private const long QuietMilliseconds = 1000;

    private readonly SemaphoreSlim _turn = new(1);
    private IDisposable? _subscription;
    private bool _stopping;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var present = settings.CurrentValue;
        loops.Start();
        registry.Start(present);
        var problems = await listeners.ApplyAsync(present);
        if (problems.Count > 0)
        {
            await listeners.CloseAllAsync();
            throw new ListenException(problems);
        }

        _subscription = settings.OnChange(changed => _ = ApplyAsync(changed));
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // By the clock: the looks of a busy host take longer than they should, and the service manager does not wait for them.
        var began = clock.GetTimestamp();
        _subscription?.Dispose();
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            _stopping = true;
            await listeners.CloseAllAsync();
        }
        finally
        {
            _turn.Release();
        }

        await DrainAsync(began, settings.CurrentValue.Timeouts.Drain, cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    /// <summary>Nothing to do between edits: they come by the monitor.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;

    private async Task ApplyAsync(ProxySettings changed)
    {
        await _turn.WaitAsync();
        try
        {
            // Of several edits in a row only the last counts.
            if (!_stopping && ReferenceEquals(changed, settings.CurrentValue))
            {
                registry.Apply(changed);
                foreach (var problem in await listeners.ApplyAsync(changed))
                {
                    log.ListenerFailed(problem);
                }
            }
        }
        catch (Exception e)
        {
            log.ApplyFault(e);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task DrainAsync(long began, TimeSpan drain, CancellationToken hurry)
    {
        var sessions = registry.CountOf(SessionStage.Client);
        if (sessions > 0)
        {
            log.Draining(drain.TotalSeconds, sessions);
        }

        registry.BeginStop();
        while (registry.CountOf(SessionStage.Client) > 0 && clock.GetElapsedTime(began) < drain && !hurry.IsCancellationRequested)
        {
            if (store.IsEnabled)
            {
                registry.CutQuiet(QuietMilliseconds);
            }

            await Task.Delay(DrainLook, CancellationToken.None);
        }

        log.Drained(registry.CountOf(SessionStage.Client));
        registry.CutAll();
    }
}
