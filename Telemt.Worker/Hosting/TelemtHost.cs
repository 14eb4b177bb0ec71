using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Telemt.Worker.Cli;
using Telemt.Worker.Configuration;
using Telemt.Worker.Control;
using Telemt.Worker.Links;
using Telemt.Worker.Logging;
using Telemt.Worker.Sessions;
using Telemt.Worker.Systemd;

namespace Telemt.Worker.Hosting;

/// <summary>Puts the rooms together: one line each, in the order of their start. They stop the other way round.</summary>
internal static class TelemtHost
{
    /// <param name="path">telemt.toml, as the operator named it.</param>
    /// <param name="output">Gets the links that show_links asks for.</param>
    /// <param name="also">The last word on what the host is made of: tests put fakes in.</param>
    /// <exception cref="ConfigurationException">The file has errors.</exception>
    public static IHost Build(
        string path,
        ConfigurationOverrides overrides,
        TextWriter output,
        Action<IServiceCollection>? also = null)
    {
        // Empty: the defaults look for files, variables and providers that a proxy does not have, and take their time.
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "telemt" });
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSystemd();
        builder.Services.AddSystemdStatus();
        var settings = builder.AddTelemtConfiguration(path, overrides);
        builder.Services.AddTelemtLogging(settings.Logging);
        builder.Services.AddTelemtHosting();
        builder.Services.AddTelemtLinks(output);
        builder.Services.AddTelemtControl();
        builder.Services.AddTelemtProxy();
        also?.Invoke(builder.Services);
        return builder.Build();
    }

    /// <summary>Runs until a signal, or a fault of ours, ends it.</summary>
    /// <returns>An <see cref="ExitCode"/>: a fault is not a good end, or the service manager would leave it at that.</returns>
    /// <exception cref="Listening.ListenException">A listener cannot be opened.</exception>
    public static async Task<int> RunAsync(IHost host)
    {
        try
        {
            await host.StartAsync();
        }
        catch (OperationCanceledException) when (IsStopping(host))
        {
            return ExitCode.Good;
        }

        await host.WaitForShutdownAsync();
        return HasFault(host) ? ExitCode.Failed : ExitCode.Good;
    }

    private static bool IsStopping(IHost host) =>
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested;

    /// <summary>The host has logged the fault itself.</summary>
    private static bool HasFault(IHost host) =>
        host.Services.GetServices<IHostedService>().OfType<BackgroundService>().Any(service => service.ExecuteTask is { IsFaulted: true });
}
