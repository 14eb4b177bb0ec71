using Microsoft.Extensions.DependencyInjection;

namespace Telemt.Worker.Systemd.Notify;

internal static class SystemdServiceCollectionExtensions
{
    /// <summary>Makes <see cref="ISystemdNotifier"/> known.</summary>
    public static IServiceCollection AddSystemd(this IServiceCollection services) =>
        services.AddSingleton<ISystemdNotifier, SystemdNotifier>();
}
