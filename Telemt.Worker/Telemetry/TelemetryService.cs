using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Telemt.Core.Settings;

namespace Telemt.Worker.Telemetry;

/// <summary>Telemetry as the settings in force want it: an edit of [telemetry] replaces what sends, and off nothing of it is there.</summary>
internal sealed class TelemetryService(
    IOptionsMonitor<ProxySettings> settings,
    OtelVariables variables,
    SessionTelemetry sessions,
    TelemetryLogs logs,
    IServiceProvider services,
    ILogger<TelemetryService> log) : IHostedService, IDisposable
{
    private readonly Lock _lock = new();
    private IDisposable? _subscription;
    private TelemetrySettings? _followed;
    private TelemetryPipeline? _pipeline;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = settings.OnChange(changed => Follow(changed.Telemetry));
        Follow(settings.CurrentValue.Telemetry);
        return Task.CompletedTask;
    }

    /// <summary>The last figures are sent while nothing waits for it but the end of the process, and for two seconds at most.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        return Task.Run(Dispose, CancellationToken.None);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            logs.SendTo(null);
            _pipeline?.Dispose();
            _pipeline = null;
        }
    }

    private TelemetryPipeline Start(TelemetrySettings wanted)
    {
        // Their instruments are there once they are, and before that there is nobody to read them.
        _ = services.GetRequiredService<UserMetrics>();
        _ = services.GetRequiredService<RouteMetrics>();
        _ = services.GetRequiredService<HostMetrics>();
        return TelemetryPipeline.Start(wanted, variables, log);
    }

    private void Follow(TelemetrySettings wanted)
    {
        sessions.Sample = wanted.Sample;
        lock (_lock)
        {
            if (wanted == _followed)
            {
                return;
            }

            var old = _pipeline;
            var isFirst = _followed is null;
            _followed = wanted;
            _pipeline = TelemetryPipeline.IsWanted(wanted, variables) ? Start(wanted) : null;
            logs.SendTo(_pipeline?.Logs);
            if (_pipeline is null && !isFirst && old is not null)
            {
                log.TelemetryOff();
            }

            // A collector that is gone may take its time.
            _ = Task.Run(() => old?.Dispose());
        }
    }
}
