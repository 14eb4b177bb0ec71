using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Telemt.Worker.Configuration;

namespace Telemt.Worker.Telemetry;

internal static class TelemetryServiceCollectionExtensions
{
    public static IServiceCollection AddTelemtTelemetry(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<DialMetrics>();
        services.AddSingleton<SessionTelemetry>();
        services.AddSingleton<TelemetryLogs>();
        services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<TelemetryLogs>());
        services.AddSingleton<LoopReader>();
        services.AddSingleton<UserMetrics>();
        services.AddSingleton<RouteMetrics>();
        services.AddSingleton<HostMetrics>();
        services.AddSingleton<IReloadObserver>(provider => provider.GetRequiredService<HostMetrics>());
        services.AddSingleton(new OtelVariables(Environment.GetEnvironmentVariable));
        services.AddHostedService<ProxyMetrics>();
        services.AddHostedService<HelloMetrics>();
        services.AddHostedService<TelemetryService>();
        return services;
    }
}
