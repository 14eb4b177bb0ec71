using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Telemt.Core.Settings;
using Telemt.Worker.Configuration.Toml;

namespace Telemt.Worker.Configuration;

internal static class ConfigurationHostExtensions
{
    /// <summary>
    /// Reads the configuration now and keeps it up to date while the host runs, by a watch of the file. <see cref="IOptionsMonitor{ProxySettings}"/> and
    /// <see cref="LastGoodMonitor"/> give the settings, <see cref="ConfigurationReloadService"/> reloads on request.
    /// </summary>
    /// <returns>The settings of the start, for what must be known before the host is built.</returns>
    /// <exception cref="ConfigurationException">There are errors: nothing can be started.</exception>
    public static ProxySettings AddTelemtConfiguration(this IHostApplicationBuilder builder, string path, ConfigurationOverrides overrides)
    {
        var loader = new SettingsLoader(path, overrides, SystemHostFacts.Read);
        var report = loader.Load();
        if (report.Settings is not { } settings)
        {
            throw new ConfigurationException(report);
        }

        builder.Services.AddSingleton(loader);
        builder.Services.AddSingleton(services => new TomlFileWatcher(
            path, services.GetRequiredService<ILogger<TomlFileWatcher>>(), services.GetService<TimeProvider>()));
        builder.Services.AddSingleton(services => new LastGoodMonitor(report, services.GetRequiredService<ILogger<LastGoodMonitor>>()));
        builder.Services.AddSingleton<IOptionsMonitor<ProxySettings>>(services => services.GetRequiredService<LastGoodMonitor>());
        builder.Services.AddSingleton<ConfigurationReloadService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ConfigurationReloadService>());
        return settings;
    }
}
