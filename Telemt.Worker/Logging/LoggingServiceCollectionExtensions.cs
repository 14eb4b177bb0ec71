using System.Collections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Telemt.Core.Settings;

namespace Telemt.Worker.Logging;

internal static class LoggingServiceCollectionExtensions
{
    private const string Prefix = "Logging__";

    /// <summary>
    /// The platform's console log on standard error, with level and form from <paramref name="settings"/>, then from RUST_LOG,
    /// then from Logging__ variables. <see cref="LogSettingsSource"/> takes later ones.
    /// </summary>
    public static IServiceCollection AddTelemtLogging(this IServiceCollection services, LoggingSettings settings) => services.AddTelemtLogging(
        new LogSettingsSource(settings, Environment.GetEnvironmentVariable(RustLog.Variable), LogFormatter.IsJournal()));

    internal static IServiceCollection AddTelemtLogging(this IServiceCollection services, LogSettingsSource source)
    {
        services.AddSingleton(source);
        services.AddSingleton<IConfigureOptions<LoggerFilterOptions>>(source);
        services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(source);
        services.AddSingleton<IConfigureOptions<ConsoleLoggerOptions>>(source);
        services.AddSingleton<IOptionsChangeTokenSource<ConsoleLoggerOptions>>(source);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ConsoleFormatter, PlainFormatter>();
        services.AddSingleton<ConsoleFormatter, JournalFormatter>();
        services.Configure<JsonConsoleFormatterOptions>(options =>
        {
            options.TimestampFormat = "O";
            options.UseUtcTimestamp = true;
        });

        // Last, since later options win: what the variables say of the console stands above ours.
        services.AddLogging(logging =>
        {
            logging.AddConsole();
            if (HasVariables())
            {
                logging.AddConfiguration(new ConfigurationBuilder().AddEnvironmentVariables(Prefix).Build());
            }
        });
        return services;
    }

    private static bool HasVariables()
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (variable.Key is string name && name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
