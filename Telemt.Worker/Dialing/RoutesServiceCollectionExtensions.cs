using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Telemt.Core.Routing;
using Telemt.Core.Settings;
using Telemt.Worker.Health;

namespace Telemt.Worker.Dialing;

internal static class RoutesServiceCollectionExtensions
{
    /// <summary>The ways to Telegram: what is known of them, and who dials by them.</summary>
    public static IServiceCollection AddTelemtRoutes(this IServiceCollection services)
    {
        services.AddSingleton<UpstreamBalancer>();
        services.AddSingleton(provider =>
        {
            var ledger = ActivatorUtilities.CreateInstance<HealthLedger>(provider);
            ledger.Apply(provider.GetRequiredService<IOptionsMonitor<ProxySettings>>().CurrentValue);
            return ledger;
        });
        services.AddSingleton<NameResolver>();
        services.AddSingleton<Dialer>();
        services.AddSingleton<UpstreamConnector>();
        services.AddSingleton<DcProbe>();
        services.AddHostedService<UpstreamBalanceService>();
        services.AddHostedService<DcHealthService>();
        return services;
    }
}
