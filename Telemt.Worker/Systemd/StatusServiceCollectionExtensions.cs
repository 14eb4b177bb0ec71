using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Telemt.Worker.Configuration;
using Telemt.Worker.Listening;

namespace Telemt.Worker.Systemd;

internal static class StatusServiceCollectionExtensions
{
    /// <summary>
    /// Keeps the service manager informed; wants an <see cref="IProxyStatus"/> and an <see cref="ILoopPulse"/>. To be added before every
    /// hosted service, so that it stops after them.
    /// </summary>
    public static IServiceCollection AddSystemdStatus(this IServiceCollection services) => services
        .AddSingleton<IListenerStore>(_ => new DescriptorStore(Environment.GetEnvironmentVariable, Environment.ProcessId))
        .AddSingleton(provider => new SystemdStatusService(
            provider.GetRequiredService<ISystemdNotifier>(),
            provider.GetRequiredService<IProxyStatus>(),
            provider.GetRequiredService<ILoopPulse>(),
            provider.GetRequiredService<TimeProvider>(),
            WatchdogInterval.Read(Environment.GetEnvironmentVariable, Environment.ProcessId)))
        .AddSingleton<IHostedService>(provider => provider.GetRequiredService<SystemdStatusService>())
        .AddSingleton<IReloadObserver>(provider => provider.GetRequiredService<SystemdStatusService>());
}
