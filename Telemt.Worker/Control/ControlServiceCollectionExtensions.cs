using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Telemt.Worker.Configuration;
using Telemt.Worker.Configuration.Editing;
using Telemt.Worker.Control.Api;
using Telemt.Worker.Control.Status;

namespace Telemt.Worker.Control;

internal static class ControlServiceCollectionExtensions
{
    /// <summary>The operator's page. Call it before the data plane, so that it is there until the drain is over.</summary>
    public static IServiceCollection AddTelemtControl(this IServiceCollection services)
    {
        services.AddSingleton<ConfigurationEditor>();
        services.AddSingleton<StatusSampler>();
        services.AddSingleton<EventRing>();
        services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<EventRing>());
        services.AddSingleton<HealthJudge>();
        services.AddSingleton<IReloadObserver>(provider => provider.GetRequiredService<HealthJudge>());
        services.AddSingleton<StatusView>();
        services.AddSingleton<UserView>();
        services.AddSingleton<RouteView>();
        services.AddSingleton<ClientView>();
        services.AddSingleton<StrangerView>();
        services.AddSingleton<UserLinks>();
        services.AddSingleton<UserEditor>();
        services.AddSingleton<ControlService>();
        services.AddHostedService(provider => provider.GetRequiredService<ControlService>());
        return services;
    }
}
