using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Telemt.Core.Settings;
using Telemt.Worker.Logging;

namespace Telemt.Worker.Hosting;

/// <summary>Keeps what the host itself takes from the settings up to date: the log, and the time that a stop may take.</summary>
internal sealed class SettingsFollower(IOptionsMonitor<ProxySettings> settings, IOptions<HostOptions> host, LogSettingsSource log)
    : IHostedService, IDisposable
{
    /// <summary>What a stop takes beyond the drain: closing what is left, the last words of each part.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    private IDisposable? _subscription;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = settings.OnChange((changed, _) => Follow(changed));
        Follow(settings.CurrentValue);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _subscription?.Dispose();

    private void Follow(ProxySettings now)
    {
        log.Apply(now.Logging);

        // The host reads it when the stop begins.
        host.Value.ShutdownTimeout = now.Timeouts.Drain + Rest;
    }
}
