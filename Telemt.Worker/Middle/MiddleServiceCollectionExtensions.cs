using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Telemt.Worker.Middle;

internal static class MiddleServiceCollectionExtensions
{
    /// <summary>The route of ad tags. Before the listeners: what sessions still use must stop after them.</summary>
    public static IServiceCollection AddTelemtMiddle(this IServiceCollection services)
    {
        services.TryAddSingleton<IMiddleDownload, HttpMiddleDownload>();
        services.AddSingleton<MiddleAddresses>();
        services.AddSingleton<MiddlePool>();
        services.AddSingleton<MiddleWay>();
        services.AddHostedService(provider => provider.GetRequiredService<MiddlePool>());
        services.AddHostedService<MiddleSourceService>();
        return services;
    }
}
