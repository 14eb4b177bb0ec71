using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Telemt.Worker.Configuration;

namespace Telemt.Worker.Hosting;

internal static class HostingServiceCollectionExtensions
{
    /// <summary>Signals, and what of the settings concerns the host itself.</summary>
    public static IServiceCollection AddTelemtHosting(this IServiceCollection services) => services
        .AddSingleton<IHostLifetime>(provider => new SignalLifetime(
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<ConfigurationReloadService>().RequestReload,
            provider.GetRequiredService<ILogger<SignalLifetime>>()))
        .AddHostedService<IdleCollector>()
        .AddHostedService<SettingsFollower>();
}
