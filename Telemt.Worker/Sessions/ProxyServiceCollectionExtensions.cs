using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Telemt.Core;
using Telemt.Core.Policy;
using Telemt.Core.Replay;
using Telemt.Core.Settings;
using Telemt.Core.Users;
using Telemt.Worker.Dialing;
using Telemt.Worker.Fronting;
using Telemt.Worker.Listening;
using Telemt.Worker.Middle;
using Telemt.Worker.State;
using Telemt.Worker.Systemd;
using Telemt.Worker.Telemetry;
using Telemt.Worker.Transport;

namespace Telemt.Worker.Sessions;

internal static class ProxyServiceCollectionExtensions
{
    /// <summary>The data plane. Call it last: its listeners must stop before anything that sessions still need.</summary>
    public static IServiceCollection AddTelemtProxy(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IRandomSource, SystemRandomSource>();
        services.AddSingleton(provider => new ReplayWindow(
            provider.GetRequiredService<IOptionsMonitor<ProxySettings>>().CurrentValue.Replay.Capacity,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IRandomSource>()));
        services.AddSingleton<LoopGroup>();
        services.AddSingleton<GateContexts>();
        services.AddSingleton<SourceTable>();
        services.AddSingleton<UserAccounts>();
        services.AddSingleton<TrafficSignal>();
        services.AddSingleton<LikelyUsers>();
        services.AddSingleton(provider => new FairShare(provider.GetRequiredService<LoopGroup>().Loops.Count));
        services.AddSingleton<Crowd>();
        services.AddSingleton<LocalAddresses>();
        services.AddSingleton<MaskResolver>();
        services.AddSingleton<MaskRelay>();
        services.AddTelemtRoutes();
        services.AddTelemtMiddle();
        services.AddSingleton<ConnectionHandler>();
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<IProxyStatus>(provider => provider.GetRequiredService<SessionRegistry>());
        services.AddSingleton<ILoopPulse>(provider => provider.GetRequiredService<SessionRegistry>());
        services.AddSingleton<ListenerSet>();
        services.AddTelemtFronting();
        services.AddTelemtTelemetry();
        services.AddHostedService<ReplayStateService>();
        services.AddHostedService<TrafficStateService>();
        services.AddHostedService<ListenerService>();
        return services;
    }
}
