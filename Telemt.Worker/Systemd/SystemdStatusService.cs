using System.Globalization;
using Microsoft.Extensions.Hosting;
using Telemt.Worker.Configuration;

namespace Telemt.Worker.Systemd;

/// <summary>
/// Keeps the service manager informed: READY once every part has started (the listeners are bound by then), STATUS with live counts,
/// WATCHDOG while every event loop turns, RELOADING around a reload, STOPPING.
/// </summary>
internal sealed class SystemdStatusService(
    ISystemdNotifier notifier,
    IProxyStatus status,
    ILoopPulse pulse,
    TimeProvider clock,
    TimeSpan? watchdog) : IHostedLifecycleService, IReloadObserver, IDisposable
{
    /// <summary>Of the looks at the proxy; shorter when the manager wants to be fed more often.</summary>
    private static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(3);

    private const string RefusedNote = "; the configuration has errors, the last good settings are in force";

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private Task _beats = Task.CompletedTask;
    private string _lastStatus = "";
    private bool _serving;
    private volatile bool _refused;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs after every service's StartAsync; a listener that could not bind has failed the start before.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (notifier.IsEnabled)
        {
            lock (_lock)
            {
                _serving = true;
                notifier.Notify(ServiceState.Ready);
            }

            _beats = BeatAsync();
        }

        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _serving = false;
            notifier.Notify(ServiceState.Stopping);
        }

        return Task.CompletedTask;
    }

    /// <summary>Stops last, since it was registered first: the watchdog is fed while sessions drain.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _beats;
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stop.Dispose();

    /// <summary>A reload begins. The manager matches it with its own request by the clock.</summary>
    public void Reloading()
    {
        var microseconds = clock.GetElapsedTime(0).Ticks / TimeSpan.TicksPerMicrosecond;
        WhileServing(new ServiceState(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={microseconds}")));
    }

    /// <summary>The proxy serves as before, also after an edit that was refused; the status line then says so until it is mended.</summary>
    public void Reloaded(ReloadOutcome outcome)
    {
        _refused = outcome == ReloadOutcome.Refused;
        WhileServing(ServiceState.Ready);
    }

    /// <summary>One look at the proxy: says what has changed, feeds the watchdog.</summary>
    internal void Beat()
    {
        var text = Describe(status.Counts) + (_refused ? RefusedNote : "");
        if (text != _lastStatus)
        {
            _lastStatus = text;
            notifier.Notify(new ServiceState("STATUS=" + text));
        }

        if (watchdog is not null && pulse.EveryLoopTurns())
        {
            notifier.Notify(new ServiceState("WATCHDOG=1"));
        }
    }

    private static string Describe(ProxyCounts counts) => string.Create(
        CultureInfo.InvariantCulture,
        $"{counts.Sessions} sessions, {counts.Handshakes} handshakes, {counts.Masked} masked");

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(watchdog < BeatInterval ? watchdog.Value : BeatInterval, clock);
        try
        {
            do
            {
                Beat();
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // The stop.
        }
    }

    /// <summary>READY before the listeners are bound would be a lie, and after STOPPING it would take the stop back.</summary>
    private void WhileServing(ServiceState state)
    {
        lock (_lock)
        {
            if (_serving)
            {
                notifier.Notify(state);
            }
        }
    }
}
